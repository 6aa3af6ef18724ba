import { count, milliseconds } from '../../shared/config.ts';
import { cleaningVariables } from './cleaning-variables.ts';

/** What enrich reads from its environment, beside what all functions do. */
export const enrichVariables = {
  ...cleaningVariables,
  CATALOG_TTL_MS: milliseconds(60_000).describe(
    'How long a product is reused before it is read again. Milliseconds.',
  ),
  CATALOG_CACHE_ENTRIES: count(20_000).describe('Products kept in memory.'),
};
