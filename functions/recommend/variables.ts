import { z } from 'zod';
import { count, milliseconds } from '../../shared/config.ts';
import { ExperimentText } from '../../shared/experiments.ts';

/** What recommend reads from its environment, beside what all functions do. */
export const recommendVariables = {
  VERTEX_LOCATION: z
    .string()
    .min(1)
    .default('us-central1')
    .describe('Region of the endpoint, as europe-west1.'),
  VERTEX_TIMEOUT_MS: milliseconds(800).describe(
    'Deadline of one call to the model; it is made at most twice.',
  ),
  CIRCUIT_FAILURES: count(5).describe('Failures in a row after which the model is left alone for a while.'),
  CIRCUIT_OPEN_MS: milliseconds(10_000).describe('How long the model is then left alone.'),
  MAX_TRIGGER_AGE_MS: milliseconds(600_000).describe(
    'Clicks that waited longer in the pipeline cause no recommendation: the shopper has left.',
  ),
  RECOMMENDATIONS: count(12).describe('Length of a list.'),
  CATALOG_TTL_MS: milliseconds(60_000).describe('How long a product read from the catalogue is reused.'),
  CATALOG_ENTRIES: count(20_000).describe('Products kept in memory.'),
  ASSORTMENT_TTL_MS: milliseconds(600_000).describe('How long the newest products are reused.'),
  ASSORTMENT_PRODUCTS: count(300).describe('Newest products read, and any others to fill lists with.'),
  DIVERSITY: z.coerce
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('How much lists mix categories, from 0 (by score alone) to 1.'),
  ALLOWED_CATEGORIES: z
    .string()
    .default('')
    .describe('The only categories to recommend, separated by commas; all where it is empty.'),
  EXPERIMENT: ExperimentText.optional().describe(
    'Divides people into arms, as JSON: {"name":"model-or-popular","arms":[{"name":"control","weight":1,"shows":"popularity"},{"name":"treatment","weight":9,"shows":"live"}]}. Unset: everybody gets the live model. docs/analytics.md.',
  ),
  CURRENT_MODEL_TTL_MS: milliseconds(30_000).describe('How soon a newly deployed model is noticed.'),
};
