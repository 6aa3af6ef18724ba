import { z } from 'zod';

/**
 * How a source's columns become a native event, as data: a new source needs no code. Column names are the header's
 * of a CSV, or paths such as `user.id` into a JSON record.
 */

/** What a column's text means. */
export const TRANSFORMS = ['text', 'number', 'boolean', 'epoch_s', 'epoch_ms', 'iso'] as const;
export type Transform = (typeof TRANSFORMS)[number];

const Constant = z.strictObject({ constant: z.union([z.string(), z.number(), z.boolean()]) });
const Column = z.strictObject({
  column: z.string().min(1),
  as: z.enum(TRANSFORMS).default('text'),
  /** The source's values to the canonical ones; a value not listed cannot be mapped. */
  values: z.record(z.string(), z.string()).optional(),
});
/** Where a field's value comes from. */
export const FieldRule = z.union([Constant, Column]);
export type FieldRule = z.infer<typeof FieldRule>;

/** Fields of a native event that a column can fill; `page.url` is `url` within `page`. */
export const EVENT_FIELDS = [
  'event_id',
  'event_name',
  'event_time',
  'anonymous_id',
  'user_id',
  'session_id',
  'value',
  'currency',
  'transaction_id',
  'search_term',
  'recommendation_id',
  'page.url',
  'page.referrer',
  'page.title',
  'consent.analytics',
  'consent.personalization',
] as const;
export type EventField = (typeof EVENT_FIELDS)[number];

export const ITEM_FIELDS = [
  'item_id',
  'item_name',
  'item_brand',
  'item_category',
  'item_variant',
  'price',
  'quantity',
  'index',
  'item_list_id',
] as const;
export type ItemField = (typeof ITEM_FIELDS)[number];

export const Mapping = z.strictObject({
  /** Name of the source: the folder in the inbox bucket, and `collector.protocol` after `load:`. */
  name: z.string().regex(/^[a-z][a-z0-9_-]{0,63}$/, 'must be lower-case letters, digits, - and _'),
  /** `rows`: records are in the source's own columns. `native`: records are native events already. */
  records: z.enum(['rows', 'native']).default('rows'),
  fields: z.partialRecord(z.enum(EVENT_FIELDS), FieldRule).default({}),
  /** Items that one row tells of; an item whose columns are all empty is left out. */
  items: z.array(z.partialRecord(z.enum(ITEM_FIELDS), FieldRule)).default([]),
  /** Further columns to keep, by the name they have under `properties`. */
  properties: z.record(z.string().min(1), FieldRule).default({}),
});
export type Mapping = z.infer<typeof Mapping>;
/** A mapping as one writes it: defaults may be left out. */
export type MappingSource = z.input<typeof Mapping>;
