import { z } from 'zod';
import { milliseconds } from '../../shared/config.ts';
import { DATASET } from '../../shared/pipeline.ts';
import { cleaningVariables } from '../enrich/cleaning-variables.ts';

/** What forget reads from its environment, beside what all functions do. */
export const forgetVariables = {
  PSEUDONYM_KEY: cleaningVariables.PSEUDONYM_KEY,
  DATASET: z.string().min(1).default(DATASET).describe('The BigQuery dataset of the warehouse.'),
  SWEEP_AFTER_MS: milliseconds(7_200_000).describe(
    'After so long nothing of before is under way any more, and the erasure is repeated. Milliseconds.',
  ),
};
