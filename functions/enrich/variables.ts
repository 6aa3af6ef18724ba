import { z } from 'zod';
import { count, flag, milliseconds } from '../../shared/config.ts';

/** What enrich reads from its environment, beside what all functions do. */
export const enrichVariables = {
  PSEUDONYM_KEY: z
    .string()
    .min(16)
    .describe(
      'Secret of the keyed hash that replaces user ids, e-mail addresses and phone numbers: 16 characters or more, ' +
        'for example from `openssl rand -hex 32`. Changing it makes every known user a new one.',
    ),
  CONSENT_DEFAULT: z
    .enum(['granted', 'denied'])
    .default('granted')
    .describe('Whether events that carry no consent may be stored (analytics): granted or denied.'),
  PERSONALIZATION_DEFAULT: flag(true).describe(
    'Whether events that carry no consent to personalization may enter profiles and the model: true or false.',
  ),
  MAX_EVENT_AGE_DAYS: count(1826).describe('Events older than this at receipt become failed events. Days.'),
  CATALOG_TTL_MS: milliseconds(60_000).describe(
    'How long a product is reused before it is read again. Milliseconds.',
  ),
  CATALOG_CACHE_ENTRIES: count(20_000).describe('Products kept in memory.'),
};
