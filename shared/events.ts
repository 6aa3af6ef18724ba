/**
 * The single definition of what travels through the pipeline, a file for each kind in `schemas/`. Wire and warehouse names
 * are snake_case and follow GA4 e-commerce: https://developers.google.com/analytics/devguides/collection/ga4/ecommerce
 *
 * `NativeEvent` (what a client sends) → `RawEvent` (topic `clickstream-raw`) → `EnrichedEvent` (topic
 * `clickstream-enriched`) → `Recommendation` (topic `recommendations`).
 */

export {
  EVENT_NAMES,
  type EventName,
  IMPRESSIONS,
  ITEM_INTERACTIONS,
  SCHEMA_VERSION,
} from './event-names.ts';
export {
  Collector,
  Consent,
  Item,
  NativeEvent,
  ORIGINS,
  type Origin,
  RawEvent,
} from './schemas/client-event.ts';
export { Customer, EnrichedEvent, EnrichedItem, HistoryItem } from './schemas/enriched-event.ts';
export { ForgetRequest, ReplayRequest, TrainRequest } from './schemas/orders.ts';
export { Product } from './schemas/product.ts';
export { CurrentModel, Recommendation, RecommendationRequest } from './schemas/recommendation.ts';
export { ConsentDrop, FailedEvent, ReplayMark, Tombstone } from './schemas/records.ts';
