import { z } from 'zod';
import { milliseconds } from '../../shared/config.ts';
import { DATASET } from '../../shared/pipeline.ts';

/** What replay reads from its environment, beside what all functions do. */
export const replayVariables = {
  DATASET: z.string().min(1).default(DATASET).describe('The BigQuery dataset of the warehouse.'),
  RUN_MS: milliseconds(420_000).describe(
    'How long one delivery works; what is left goes on in a message of its own. Milliseconds.',
  ),
};
