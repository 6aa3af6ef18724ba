import { z } from 'zod';
import { count, milliseconds } from '../../shared/config.ts';

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
