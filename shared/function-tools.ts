import type { z } from 'zod';
import { commonConfig, loadConfig } from './config.ts';
import type { FunctionIdentity } from './failed-event.ts';
import { type Logger, makeLogger } from './log.ts';
import { FUNCTIONS } from './pipeline.ts';
import type { ChunkPublisher, Publisher } from './publisher.ts';
import { makePubSubPublisher } from './pubsub-publisher.ts';
import { guardRequests } from './push-guard/guard-requests.ts';
import { makeTokenJudge } from './push-guard/token-judge.ts';
import { openTracer } from './tracing/open-tracer.ts';
import { makeTracedPublisher } from './tracing/traced-publisher.ts';
import type { Tracer } from './tracing/tracer.ts';

type Shape = z.ZodRawShape;

/** What every function's `index.ts` builds its core from. */
export interface FunctionTools<S extends Shape> {
  readonly config: z.infer<z.ZodObject<typeof commonConfig & S>>;
  readonly identity: FunctionIdentity;
  readonly project: string;
  readonly log: Logger;
  readonly publisher: Publisher & ChunkPublisher;
  readonly tracer: Tracer;
}

/**
 * Reads a function's environment and builds the collaborators all functions share.
 * @throws ConfigError naming every bad variable.
 */
export function functionTools<S extends Shape>(name: string, shape: S): FunctionTools<S> {
  const config = loadConfig({ ...commonConfig, ...shape });
  const common = config as z.infer<z.ZodObject<typeof commonConfig>>;
  const project = common.GOOGLE_CLOUD_PROJECT;
  const log = makeLogger({ fields: { function: name }, level: common.LOG_LEVEL });
  const isPublic = FUNCTIONS.some(
    (spec) =>
      spec.name === name && spec.triggers.some((trigger) => trigger.kind === 'http' && trigger.public),
  );
  if (common.PUSH_AUDIENCE !== undefined && !isPublic) {
    const { PUSH_AUDIENCE: audience, PUSH_ACCOUNTS: accounts, PUSH_KEYS_URL: keysUrl } = common;
    guardRequests(makeTokenJudge({ audience, accounts, keysUrl, clock: Date.now }), log);
  }
  const resource = {
    'service.name': name,
    'service.version': common.K_REVISION,
    'gcp.project_id': project,
  };
  const tracer = openTracer(common, resource, log);
  return {
    config,
    identity: { name, version: common.K_REVISION },
    project,
    log,
    publisher: makeTracedPublisher(makePubSubPublisher({ projectId: project }), tracer),
    tracer,
  };
}
