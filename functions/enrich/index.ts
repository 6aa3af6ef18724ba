import { setTimeout as sleep } from 'node:timers/promises';
import { Firestore } from '@google-cloud/firestore';
import { cloudEvent } from '@google-cloud/functions-framework';
import { batchFunction, route } from '../../shared/batch-function.ts';
import { makeFirestoreCatalog } from '../../shared/firestore-catalog.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { cleaningSettings } from './cleaning-variables.ts';
import { makeEnrich } from './enrich.ts';
import { makeFirestoreProfiles } from './firestore-profiles.ts';
import { makeFirestoreTombstones } from './firestore-tombstones.ts';
import { makeForgotten } from './forgotten.ts';
import { enrichVariables } from './variables.ts';

const tools = functionTools('enrich', enrichVariables);
const { config, identity, project, publisher, log, tracer } = tools;
const firestore = new Firestore({ projectId: project });

const enrich = makeEnrich({
  identity,
  settings: cleaningSettings(config),
  profiles: makeFirestoreProfiles(firestore),
  catalog: makeFirestoreCatalog(firestore, {
    ttlMs: config.CATALOG_TTL_MS,
    maxEntries: config.CATALOG_CACHE_ENTRIES,
  }),
  publisher,
  forgotten: makeForgotten({
    store: makeFirestoreTombstones(firestore),
    ttlMs: config.FORGOTTEN_TTL_MS,
    clock: Date.now,
  }),
  clock: Date.now,
  sleep,
  random: Math.random,
});

cloudEvent(
  'enrich',
  batchFunction({ [TOPICS.raw]: route(enrich) }, { identity, project, publisher, log, tracer }),
);
