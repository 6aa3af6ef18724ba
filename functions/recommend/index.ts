import { Firestore } from '@google-cloud/firestore';
import { cloudEvent } from '@google-cloud/functions-framework';
import { makeVertexModel } from '../../model/vertex-model.ts';
import { batchFunction, type MessagePublishedData, route } from '../../shared/batch-function.ts';
import { EnrichedEvent, RecommendationRequest } from '../../shared/events.ts';
import { makeFirestoreCatalog } from '../../shared/firestore-catalog.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makeBreakers } from './breakers.ts';
import { makeCircuitBreaker } from './circuit-breaker.ts';
import { makeAssortment } from './firestore-assortment.ts';
import { makeCurrentModel } from './firestore-current.ts';
import { makeRecommend } from './recommend.ts';
import { recommendVariables } from './variables.ts';

const { config, identity, project, log, publisher, tracer } = functionTools('recommend', recommendVariables);

const allowed = config.ALLOWED_CATEGORIES.split(',')
  .map((category) => category.trim())
  .filter((category) => category !== '');
const firestore = new Firestore({ projectId: project });
const recommend = makeRecommend({
  model: makeVertexModel({
    project,
    location: config.VERTEX_LOCATION,
    timeoutMs: config.VERTEX_TIMEOUT_MS,
    breaker: makeBreakers(() =>
      makeCircuitBreaker({
        failures: config.CIRCUIT_FAILURES,
        openMs: config.CIRCUIT_OPEN_MS,
        clock: Date.now,
      }),
    ),
  }),
  current: makeCurrentModel(firestore, { ttlMs: config.CURRENT_MODEL_TTL_MS, clock: Date.now }),
  catalog: makeFirestoreCatalog(firestore, {
    ttlMs: config.CATALOG_TTL_MS,
    maxEntries: config.CATALOG_ENTRIES,
  }),
  assortment: makeAssortment(firestore, {
    ttlMs: config.ASSORTMENT_TTL_MS,
    size: config.ASSORTMENT_PRODUCTS,
    clock: Date.now,
  }),
  publisher,
  clock: Date.now,
  maxTriggerAgeMs: config.MAX_TRIGGER_AGE_MS,
  length: config.RECOMMENDATIONS,
  diversity: config.DIVERSITY,
  categories: allowed.length > 0 ? allowed : undefined,
  experiment: config.EXPERIMENT,
});

cloudEvent<MessagePublishedData>(
  'recommend',
  batchFunction(
    {
      [TOPICS.enriched]: route({ schema: EnrichedEvent, handle: recommend.onEvents }),
      [TOPICS.recommendationRequests]: route({ schema: RecommendationRequest, handle: recommend.onRequests }),
    },
    { identity, project, publisher, log, tracer },
  ),
);
