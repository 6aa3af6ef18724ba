import { Firestore } from '@google-cloud/firestore';
import { cloudEvent } from '@google-cloud/functions-framework';
import { z } from 'zod';
import { makeVertexModel } from '../../model/vertex-model.ts';
import { batchFunction, type MessagePublishedData, route } from '../../shared/batch-function.ts';
import { count, milliseconds } from '../../shared/config.ts';
import { EnrichedEvent, RecommendationRequest } from '../../shared/events.ts';
import { makeFirestoreCatalog } from '../../shared/firestore-catalog.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makeCircuitBreaker } from './circuit-breaker.ts';
import { makeCurrentModel } from './firestore-current.ts';
import { makeRecommend } from './recommend.ts';

const { config, identity, project, log, publisher } = functionTools('recommend', {
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
  CURRENT_MODEL_TTL_MS: milliseconds(30_000).describe('How soon a newly deployed model is noticed.'),
});

const firestore = new Firestore({ projectId: project });
const recommend = makeRecommend({
  model: makeVertexModel({
    project,
    location: config.VERTEX_LOCATION,
    timeoutMs: config.VERTEX_TIMEOUT_MS,
    breaker: makeCircuitBreaker({
      failures: config.CIRCUIT_FAILURES,
      openMs: config.CIRCUIT_OPEN_MS,
      clock: Date.now,
    }),
  }),
  current: makeCurrentModel(firestore, { ttlMs: config.CURRENT_MODEL_TTL_MS, clock: Date.now }),
  catalog: makeFirestoreCatalog(firestore, {
    ttlMs: config.CATALOG_TTL_MS,
    maxEntries: config.CATALOG_ENTRIES,
  }),
  publisher,
  clock: Date.now,
  maxTriggerAgeMs: config.MAX_TRIGGER_AGE_MS,
  length: config.RECOMMENDATIONS,
});

cloudEvent<MessagePublishedData>(
  'recommend',
  batchFunction(
    {
      [TOPICS.enriched]: route({ schema: EnrichedEvent, handle: recommend.onEvents }),
      [TOPICS.recommendationRequests]: route({ schema: RecommendationRequest, handle: recommend.onRequests }),
    },
    { identity, project, publisher, log },
  ),
);
