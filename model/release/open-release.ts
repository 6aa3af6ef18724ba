import type { z } from 'zod';
import { ENDPOINT } from '../../shared/pipeline.ts';
import { makeVertexModel } from '../vertex-model.ts';
import type { Ledger } from './ledger.ts';
import { makeRelease, type Release } from './release.ts';
import type { releaseConfig } from './release-config.ts';
import { makeTrial } from './trial.ts';
import { makeVertexEndpoint } from './vertex-endpoint.ts';
import { makeVertexRegistry } from './vertex-registry.ts';

export interface OpenReleaseOptions {
  readonly project: string;
  readonly ledger: Ledger;
  readonly config: z.infer<z.ZodObject<typeof releaseConfig>>;
  readonly clock?: () => number;
}

/** Calls for each answer that is waited for, times what the canary's share makes of it. */
const PATIENCE = 8;

/** Releases on Vertex AI, or on the emulator that `VERTEX_EMULATOR_HOST` names. */
export function openRelease(options: OpenReleaseOptions): Release {
  const { project, ledger, config, clock = Date.now } = options;
  const location = config.VERTEX_LOCATION;
  const registry = makeVertexRegistry({ project, location, model: ENDPOINT, image: config.MODEL_IMAGE });
  const { predict } = makeVertexModel({
    project,
    location,
    timeoutMs: config.CANARY_TIMEOUT_MS,
    breaker: { run: (call) => call() },
  });
  return makeRelease({
    ledger,
    endpoint: makeVertexEndpoint({
      project,
      location,
      endpoint: ENDPOINT,
      registry,
      machineType: config.MACHINE_TYPE,
      maxReplicas: config.MAX_REPLICAS,
    }),
    tryOut: makeTrial({
      predict,
      clock,
      answers: config.CANARY_ANSWERS,
      calls: Math.ceil((config.CANARY_ANSWERS * PATIENCE * 100) / config.CANARY_PERCENT),
      failures: config.CANARY_FAILURES,
    }),
    canaryPercent: config.CANARY_PERCENT,
    clock,
  });
}
