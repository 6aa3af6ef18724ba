import type { z } from 'zod';
import { commonConfig, loadConfig } from './config.ts';
import type { FunctionIdentity } from './failed-event.ts';
import { type Logger, makeLogger } from './log.ts';
import type { ChunkPublisher, Publisher } from './publisher.ts';
import { makePubSubPublisher } from './pubsub-publisher.ts';

type Shape = z.ZodRawShape;

/** What every function's `index.ts` builds its core from. */
export interface FunctionTools<S extends Shape> {
  readonly config: z.infer<z.ZodObject<typeof commonConfig & S>>;
  readonly identity: FunctionIdentity;
  readonly project: string;
  readonly log: Logger;
  readonly publisher: Publisher & ChunkPublisher;
}

/**
 * Reads a function's environment and builds the collaborators all functions share.
 * @throws ConfigError naming every bad variable.
 */
export function functionTools<S extends Shape>(name: string, shape: S): FunctionTools<S> {
  const config = loadConfig({ ...commonConfig, ...shape });
  const common = config as z.infer<z.ZodObject<typeof commonConfig>>;
  const project = common.GOOGLE_CLOUD_PROJECT;
  return {
    config,
    identity: { name, version: common.K_REVISION },
    project,
    log: makeLogger({ fields: { function: name }, level: common.LOG_LEVEL }),
    publisher: makePubSubPublisher({ projectId: project }),
  };
}
