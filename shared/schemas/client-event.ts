import { z } from 'zod';
import { LIMITS } from '../limits.ts';
import { amount, currency, id, properties, text, timestamp, url } from './fields.ts';

/** An item of an event, as the client sends it. */
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

/** How an event came in. */
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
