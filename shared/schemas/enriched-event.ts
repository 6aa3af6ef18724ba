import { z } from 'zod';
import { Item, ORIGINS } from './client-event.ts';
import { id, properties, timestamp } from './fields.ts';

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
