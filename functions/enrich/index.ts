import { setTimeout as sleep } from 'node:timers/promises';
import { Firestore } from '@google-cloud/firestore';
import { cloudEvent } from '@google-cloud/functions-framework';
import { batchFunction, route } from '../../shared/batch-function.ts';
import { makeFirestoreCatalog } from '../../shared/firestore-catalog.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makeEnrich } from './enrich.ts';
import { makeFirestoreProfiles } from './firestore-profiles.ts';
import { enrichVariables } from './variables.ts';

const DAY_MS = 86_400_000;

const tools = functionTools('enrich', enrichVariables);
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
