import { z } from 'zod';
import { count, flag, milliseconds } from '../../shared/config.ts';
import type { EnrichSettings } from './settings.ts';

const DAY_MS = 86_400_000;

/** The variables that say how events are cleaned; enrich and load share them. */
export const cleaningVariables = {
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
  FORGOTTEN_TTL_MS: milliseconds(60_000).describe(
    'How long what is known of forgotten people is believed before it is read again. Milliseconds.',
  ),
  MAX_EVENT_AGE_DAYS: count(1826).describe('Events older than this at receipt become failed events. Days.'),
};

type CleaningVariables = z.infer<z.ZodObject<typeof cleaningVariables>>;

/** What these variables decide. */
export function cleaningSettings(config: CleaningVariables): EnrichSettings {
  const stored = config.CONSENT_DEFAULT === 'granted';
  return {
    pseudonymKey: config.PSEUDONYM_KEY,
    consentDefault: { analytics: stored, personalization: stored && config.PERSONALIZATION_DEFAULT },
    maxAgeMs: config.MAX_EVENT_AGE_DAYS * DAY_MS,
  };
}
