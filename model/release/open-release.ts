import { z } from 'zod';
import { count, milliseconds } from '../../shared/config.ts';
import { ENDPOINT } from '../../shared/pipeline.ts';
import { makeVertexModel } from '../vertex-model.ts';
import type { Ledger } from './ledger.ts';
import { makeRelease, type Release } from './release.ts';
import { makeTrial } from './trial.ts';
import { makeVertexEndpoint } from './vertex-endpoint.ts';
import { makeVertexRegistry } from './vertex-registry.ts';

/** Variables that say where and how models are served: the function train reads them, and `npm run model`. */
export const releaseConfig = {
  VERTEX_LOCATION: z
    .string()
    .min(1)
    .default('us-central1')
    .describe('Region of the endpoint, as europe-west1.'),
  MODEL_IMAGE: z
    .string()
    .min(1)
    .default('unknown')
    .describe('Image of the model server, for versions that are not in the Model Registry yet.'),
  MACHINE_TYPE: z
    .string()
    .min(1)
    .default('n1-standard-2')
    .describe('Machine that a replica of the model runs on.'),
  MAX_REPLICAS: count(3).describe('Replicas of the model at most.'),
  CANARY_PERCENT: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .default(10)
    .describe('Share of the traffic that tries a new model out, in percent.'),
  CANARY_ANSWERS: count(5).describe('Answers of a new model that are waited for before it is promoted.'),
  CANARY_FAILURES: z.coerce.number().int().min(0).default(3).describe('Calls that may fail meanwhile.'),
  CANARY_TIMEOUT_MS: milliseconds(2000).describe('How long such a call may take.'),
};

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
