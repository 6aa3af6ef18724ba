import { z } from 'zod';
import { count, milliseconds } from '../../shared/config.ts';
import { DATASET } from '../../shared/pipeline.ts';
import { cleaningVariables } from '../enrich/cleaning-variables.ts';

/** What load reads from its environment, beside what all functions do. */
export const loadVariables = {
  ...cleaningVariables,
  MAX_EVENT_AGE_DAYS: count(36_525).describe(
    'Events of history that are older than this become failed events. Days.',
  ),
  DATASET: z.string().min(1).default(DATASET).describe('The BigQuery dataset of the warehouse.'),
  CHUNK_BYTES: count(32 * 1024 * 1024).describe('Bytes of a file, inflated, that one run loads, about.'),
  RUN_MS: milliseconds(240_000).describe(
    'How long a run may go on before it hands over to another; less than half the time-out. Milliseconds.',
  ),
  MAX_BAD_SHARE: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0.5)
    .describe('The share of records that may fail before a file is rejected, from 0 to 1.'),
  PUBLISH_CONCURRENCY: count(4).describe('Publishes of up to 500 events that run at a time.'),
  RUNS_AT_A_TIME: count(2).describe('Chunks that one instance loads at a time; each holds up to 64 MB.'),
};
