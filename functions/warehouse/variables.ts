import { z } from 'zod';
import { count, milliseconds } from '../../shared/config.ts';
import { DATASET } from '../../shared/pipeline.ts';

/** What warehouse reads from its environment, beside what all functions do. */
export const warehouseVariables = {
  DATASET: z.string().min(1).default(DATASET).describe('The BigQuery dataset of the warehouse.'),
  BIGQUERY_WRITE_EMULATOR_HOST: z
    .string()
    .regex(/^[^/:]+:\d+$/)
    .optional()
    .describe(
      'host:port of a Storage Write API emulator, for example 127.0.0.1:9060; unset for the real one.',
    ),
  APPEND_DEADLINE_MS: milliseconds(15_000).describe(
    'How long BigQuery may take to answer one append. Milliseconds.',
  ),
  APPEND_RETRY_MS: milliseconds(20_000).describe(
    'How long an append is tried again before its message is left to redelivery. Milliseconds.',
  ),
  MAX_IN_FLIGHT_BYTES: count(10 * 1024 * 1024).describe(
    'Bytes sent to BigQuery and not yet answered, at most.',
  ),
};
