import { z } from 'zod';
import { FAILURE_REASONS } from './errors.ts';
import { jsonDepth } from './json.ts';
import { LIMITS } from './limits.ts';

/**
 * The single definition of what travels through the pipeline. Wire and warehouse names are snake_case and
 * follow GA4 e-commerce: https://developers.google.com/analytics/devguides/collection/ga4/ecommerce
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

const id = z.string().min(1).max(LIMITS.idLength);
const text = z.string().max(LIMITS.textLength);
const url = z.string().max(LIMITS.urlLength);
const amount = z.number().gte(-1e12).lte(1e12);
const currency = z.string().regex(/^[A-Za-z]{3}$/, 'must be an ISO 4217 code such as "EUR"');
/** RFC 3339, with zone; `2026-11-21T09:30:00.000Z`. */
const timestamp = z.iso.datetime({ offset: true });

export const Item = z.object({
  item_id: id,
  item_name: text.optional(),
  item_brand: text.optional(),
  item_category: text.optional(),
  item_variant: text.optional(),
  /** Price of one unit, in the event's currency. */
  price: amount.optional(),
  quantity: z.int().min(0).max(1_000_000).optional(),
  /** Position in a list, from 0. */
  index: z.int().min(0).max(1_000_000).optional(),
  item_list_id: text.optional(),
});
export type Item = z.infer<typeof Item>;

/** What the visitor allowed. Absent fields take the deployment's default. */
export const Consent = z.object({
  /** Storing the event at all. Denied: the event is dropped and only its id is counted. */
  analytics: z.boolean().optional(),
  /** Use in profile, model and recommendations. */
  personalization: z.boolean().optional(),
});
export type Consent = z.infer<typeof Consent>;

/**
 * JSON of any form: what arrives was parsed from JSON, so only its depth is looked at. (`z.json()` would try six schemas on
 * each value, and make every schema that holds it recursive, which cannot be compiled.)
 */
const properties = z
  .record(z.string().max(LIMITS.idLength), z.custom<z.core.util.JSONType>())
  .refine((value) => jsonDepth(value) <= LIMITS.depth, `must not nest deeper than ${LIMITS.depth} levels`);

const clientFields = {
  event_name: z.string().min(1).max(64),
  anonymous_id: id.optional(),
  user_id: id.optional(),
  session_id: id.optional(),
  items: z.array(Item).max(LIMITS.items).optional(),
  value: amount.optional(),
  currency: currency.optional(),
  transaction_id: id.optional(),
  search_term: text.optional(),
  /** The recommendation this event answers to, for attribution. */
  recommendation_id: id.optional(),
  page: z.object({ url: url.optional(), referrer: url.optional(), title: text.optional() }).optional(),
  consent: Consent.optional(),
  /** Facts about the person; direct identifiers among them are pseudonymised by enrich. */
  traits: properties.optional(),
  properties: properties.optional(),
};

/** One event as a client sends it to `POST /v1/events`: `{"events": [NativeEvent, …]}`. */
export const NativeEvent = z
  .object({
    /** Unique per event; retries repeat it. Without one, ingest derives it from the content. */
    event_id: id.optional(),
    /** When it happened by the client's clock. Without one, the time of receipt. */
    event_time: timestamp.optional(),
    ...clientFields,
  })
  .refine((event) => event.anonymous_id !== undefined || event.user_id !== undefined, {
    path: ['anonymous_id'],
    message: 'anonymous_id or user_id is required',
  });
export type NativeEvent = z.infer<typeof NativeEvent>;

export const ORIGINS = ['live', 'history'] as const;
/** `live` events cause recommendations; `history` (backfill) never does. */
export type Origin = (typeof ORIGINS)[number];

/** What the collector knows and the client does not say. */
export const Collector = z.object({
  /** When nextclick took the event over. */
  received_at: timestamp,
  /** The client's clock when it sent the request; with `received_at` it gives the clock's skew. */
  sent_at: timestamp.optional(),
  /** Which protocol or source the event came by: `native`, `load:retailrocket` … */
  protocol: text,
  origin: z.enum(ORIGINS),
  /** The client's address; enrich truncates it and stores no more than a coarse place. */
  ip: z.string().max(64).optional(),
  user_agent: z.string().max(1024).optional(),
  country: z.string().max(64).optional(),
  region: text.optional(),
  city: text.optional(),
});
export type Collector = z.infer<typeof Collector>;

/** An accepted event on `clickstream-raw`. */
export const RawEvent = z.object({
  event_id: id,
  event_time: timestamp,
  ...clientFields,
  collector: Collector,
});
export type RawEvent = z.infer<typeof RawEvent>;

/** One step of a customer's history. */
export const HistoryItem = z.object({ item_id: id, event_name: z.string(), event_time: timestamp });
export type HistoryItem = z.infer<typeof HistoryItem>;

/** The customer as known after this event, newest first; on the newest event of each user in a batch, impressions last. */
export const Customer = z.object({
  first_seen: timestamp,
  /** Events, sessions and purchases within the kept history (the newest 200 events), not over a lifetime. */
  event_count: z.int(),
  session_count: z.int(),
  purchase_count: z.int(),
  recent_items: z.array(HistoryItem).max(50),
  purchased_items: z.array(id).max(200),
  affinities: z.array(z.object({ category: z.string(), score: z.number() })).max(20),
});
export type Customer = z.infer<typeof Customer>;

/** An item joined with the catalogue. */
export const EnrichedItem = Item.extend({ in_catalog: z.boolean(), in_stock: z.boolean().optional() });
export type EnrichedItem = z.infer<typeof EnrichedItem>;

/** A cleaned, joined event on `clickstream-enriched`; all but `customer` is a row of the table `events`. */
export const EnrichedEvent = z.object({
  event_id: id,
  event_name: z.string(),
  /** By the client's clock, corrected for skew. */
  event_time: timestamp,
  received_at: timestamp,
  enriched_at: timestamp,
  origin: z.enum(ORIGINS),
  protocol: z.string(),
  /** The person: the pseudonymised user once known, else the visitor. Key of the profile. */
  user_key: id,
  /** The device or browser: the anonymous id, else the user. Key of `recommendations/{visitor_id}`. */
  visitor_id: id,
  user_id: id.optional(),
  anonymous_id: id.optional(),
  session_id: id,
  items: z.array(EnrichedItem),
  value: z.number().optional(),
  currency: z.string().optional(),
  transaction_id: z.string().optional(),
  search_term: z.string().optional(),
  recommendation_id: z.string().optional(),
  page: z.object({
    url: z.string().optional(),
    host: z.string().optional(),
    path: z.string().optional(),
    title: z.string().optional(),
    referrer: z.string().optional(),
    referrer_host: z.string().optional(),
  }),
  traffic: z.object({
    /** direct, internal, search, social, email, paid, affiliate, referral or campaign. */
    channel: z.string(),
    source: z.string().optional(),
    medium: z.string().optional(),
    campaign: z.string().optional(),
    term: z.string().optional(),
    content: z.string().optional(),
  }),
  device: z.object({
    /** desktop, mobile, tablet, tv, bot or unknown. */
    category: z.string(),
    os: z.string().optional(),
    browser: z.string().optional(),
    is_bot: z.boolean(),
  }),
  geo: z.object({
    country: z.string().optional(),
    region: z.string().optional(),
    city: z.string().optional(),
  }),
  consent: z.object({ analytics: z.boolean(), personalization: z.boolean() }),
  traits: properties.optional(),
  properties: properties.optional(),
  schema_version: z.int(),
  customer: Customer.optional(),
});
export type EnrichedEvent = z.infer<typeof EnrichedEvent>;

/** A request for one person's recommendations: derived from an enriched event, or sent by train after a deploy. */
export const RecommendationRequest = z.object({
  user_key: id,
  visitor_id: id,
  /** Newest first. */
  recent_items: z.array(HistoryItem).max(50),
  purchased_items: z.array(id).max(200),
  /** Categories the shopper likes, the dearest first. */
  interests: z.array(text).max(20).optional(),
  country: text.optional(),
  trigger: z.object({ event_id: id, event_name: z.string(), event_time: timestamp, received_at: timestamp }),
});
export type RecommendationRequest = z.infer<typeof RecommendationRequest>;

/** An order to build, gate and deploy a model, on `train-requests`. */
export const TrainRequest = z.object({
  /** Default: the message's own id, so that a schedule can send the same body every day. */
  request_id: id.optional(),
  /** Default: when the message was published. */
  requested_at: timestamp.optional(),
  /** Train nothing; recommend anew from this version, if it is the one served. */
  model_version: id.optional(),
  /** After the deploy, recommend anew for visitors seen in this many days; 0: for nobody. */
  refresh_days: z.int().min(0).max(90).default(1),
});
export type TrainRequest = z.infer<typeof TrainRequest>;

/** The document `models/current`: what is served, and the list that stands in when it cannot answer. */
export const CurrentModel = z.object({
  model_version: id,
  /** `gs://bucket/models/<version>`. */
  artifact_uri: z.string(),
  /** Resource name, `projects/…/locations/…/endpoints/…`. */
  endpoint: z.string(),
  deployed_at: timestamp,
  /** Item ids, most popular first. */
  popular: z.array(id).max(200),
});
export type CurrentModel = z.infer<typeof CurrentModel>;

/** One person's recommendations, on the topic `recommendations` and in the table of that name. */
export const Recommendation = z.object({
  /** Of user, trigger and model version: a redelivery repeats it. */
  recommendation_id: id,
  user_key: id,
  visitor_id: id,
  generated_at: timestamp,
  trigger: RecommendationRequest.shape.trigger,
  /** Best first, at least one. */
  items: z
    .array(
      z.object({
        item_id: id,
        score: z.number(),
        /** Why, for the shopper to read. */
        reason: z.string(),
        /** The same as data, for pages that say it in their own words: see `Reason` in model/protocol.ts. */
        why: z.object({ kind: z.string(), item_id: id.optional(), category: text.optional() }).optional(),
      }),
    )
    .min(1)
    .max(50),
  /** `model`: the personal answer. `popularity`: the fallback, or an experiment's control; marked as such. */
  source: z.enum(['model', 'popularity']),
  model_version: z.string(),
  /** The experiment that was running, and the arm that `user_key` fell into. */
  experiment: z.object({ name: id, arm: id }).optional(),
});
export type Recommendation = z.infer<typeof Recommendation>;

/** An event that could not be processed, on `failed-events` and in the table `failed_events`. */
export const FailedEvent = z.object({
  /** Of function, reason and event: a redelivery repeats it. */
  failed_id: id,
  event_id: id.optional(),
  failed_at: timestamp,
  received_at: timestamp.optional(),
  /** The function that gave up, and its version. */
  function: z.string(),
  function_version: z.string(),
  reason: z.enum(FAILURE_REASONS),
  /** Where in the payload, as `items.0.price`; empty for the whole. */
  path: z.string().optional(),
  message: z.string().max(2048),
  /** The topic to publish the payload to again, to replay it. */
  replay_topic: z.string(),
  /** The original event as JSON text. In a row it is cut at `LIMITS.failedPayload`. */
  payload: z.string(),
  /** Whether a part of the payload is not in `payload`; `payload_uri`, where there is one, has it whole. */
  payload_truncated: z.boolean(),
  /** The object of Cloud Storage with the whole payload, `gs://bucket/name`. */
  payload_uri: z.string().optional(),
  /** Deliveries until then, those before a replay included. */
  attempts: z.int(),
  /** The replay in which it failed again, and the `failed_id` of its first failure. */
  replay_id: id.optional(),
  replay_of: id.optional(),
  schema_version: z.int(),
});
export type FailedEvent = z.infer<typeof FailedEvent>;

/** That a failed event was published again, in the table `replays`. */
export const ReplayMark = z.object({ failed_id: id, replay_id: id, replayed_at: timestamp });
export type ReplayMark = z.infer<typeof ReplayMark>;

/** An order to publish failed events again, on `replay-requests`. */
export const ReplayRequest = z.object({
  /** Default: the message's own id. Names the replay in every row that follows from it. */
  request_id: id.optional(),
  /** Failures after this are left. Default: when the message was published. */
  requested_at: timestamp.optional(),
  /** Which failed events, as `reason = 'invalid_event' AND failed_at > '2026-11-01'`: docs/failed-events.md. */
  where: z.string().min(1).max(4096),
  limit: z.int().min(1).max(1_000_000).default(10_000),
  /** Whether events that failed in a replay, or were replayed, are replayed once more. */
  again: z.boolean().default(false),
});
export type ReplayRequest = z.infer<typeof ReplayRequest>;

/** That what happened to a person until a moment is to be seen no more, in the table `forgotten`. */
export const Tombstone = z.object({
  /** SHA-256 of the person's `user_key`, hexadecimal: the key itself is forgotten too. */
  key_hash: id,
  forgotten_at: timestamp,
});
export type Tombstone = z.infer<typeof Tombstone>;

/** An order to forget a person, on `forget-requests`; or to erase anew what came late of those forgotten before. */
export const ForgetRequest = z.union([
  z.object({ user_id: id, forgotten_at: timestamp.optional() }),
  z.object({ anonymous_id: id, forgotten_at: timestamp.optional() }),
  z.object({ sweep: z.literal(true) }),
]);
export type ForgetRequest = z.infer<typeof ForgetRequest>;

/** That an event was dropped for want of consent, or because the person is forgotten: its id and the time, nothing about the visitor. */
export const ConsentDrop = z.object({ event_id: id, dropped_at: timestamp });
export type ConsentDrop = z.infer<typeof ConsentDrop>;

/** A product as kept in Firestore `catalog/{item_id}`; field names follow the Google Merchant feed where it has one. */
export const Product = z.object({
  item_id: id,
  title: text,
  brand: text.optional(),
  category: text.optional(),
  price: amount.optional(),
  currency: currency.optional(),
  in_stock: z.boolean().optional(),
  /** Not to be recommended. */
  hidden: z.boolean().optional(),
  /** Since when it is for sale; new products are shown to shoppers of their category before anybody has clicked them. */
  added_at: timestamp.optional(),
  image_link: url.optional(),
  updated_at: timestamp.optional(),
});
export type Product = z.infer<typeof Product>;
