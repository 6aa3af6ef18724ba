import { setTimeout as sleep } from 'node:timers/promises';
import { Firestore } from '@google-cloud/firestore';
import { cloudEvent } from '@google-cloud/functions-framework';
import { z } from 'zod';
import { batchFunction, route } from '../../shared/batch-function.ts';
import { count, flag, milliseconds } from '../../shared/config.ts';
import { makeFirestoreCatalog } from '../../shared/firestore-catalog.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makeEnrich } from './enrich.ts';
import { makeFirestoreProfiles } from './firestore-profiles.ts';

const DAY_MS = 86_400_000;

const tools = functionTools('enrich', {
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
});
const { config, identity, project, publisher, log } = tools;
const firestore = new Firestore({ projectId: project });

const enrich = makeEnrich({
  identity,
  settings: {
    pseudonymKey: config.PSEUDONYM_KEY,
    consentDefault: {
      analytics: config.CONSENT_DEFAULT === 'granted',
      personalization: config.CONSENT_DEFAULT === 'granted' && config.PERSONALIZATION_DEFAULT,
    },
    maxAgeMs: config.MAX_EVENT_AGE_DAYS * DAY_MS,
  },
  profiles: makeFirestoreProfiles(firestore),
  catalog: makeFirestoreCatalog(firestore, {
    ttlMs: config.CATALOG_TTL_MS,
    maxEntries: config.CATALOG_CACHE_ENTRIES,
  }),
  publisher,
  clock: Date.now,
  sleep,
  random: Math.random,
});

cloudEvent('enrich', batchFunction({ [TOPICS.raw]: route(enrich) }, { identity, project, publisher, log }));
