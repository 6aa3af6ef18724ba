import { z } from 'zod';
import { MAX_COLUMNS } from './formats/file-format.ts';

/**
 * How a source's columns become native events, as data: a new source needs no code, but one file in `sources/`. A column is
 * the header's name of a table, or a path into a JSON record; see paths.ts.
 */

/** What a column's value means. `epoch`: seconds, milliseconds or microseconds since 1970, told by its size. */
export const TRANSFORMS = ['text', 'number', 'boolean', 'epoch', 'iso', 'date'] as const;
export type Transform = (typeof TRANSFORMS)[number];

const path = z.string().min(1);
const scalar = z.union([z.string(), z.number(), z.boolean()]);

export const ColumnRule = z
  .strictObject({
    /** The first of these that is not empty. */
    column: z.union([path, z.array(path).min(1)]),
    as: z.enum(TRANSFORMS).default('text'),
    /** For `date`: https://moment.github.io/luxon/#/parsing?id=table-of-tokens */
    format: z.string().min(1).optional(),
    /** For `date` and `iso`: the zone of times that name none, such as Europe/Berlin; default UTC. */
    zone: z.string().min(1).optional(),
    /** For times: milliseconds in this column are added. */
    plus_ms: path.optional(),
    /** For `number`: the decimal mark, where it is not a point. */
    decimal: z.enum([',', '.']).default('.'),
    /** For `number`: 0.01 makes euros of cents. */
    multiply: z.number().optional(),
    /**
     * The source's values to the canonical ones; `*` is any other, and as a canonical one the source's own. Without
     * `*`, a value not listed cannot be mapped.
     */
    values: z.record(z.string(), z.string()).optional(),
    /** Where the column is empty. */
    default: scalar.optional(),
  })
  .refine((rule) => (rule.as === 'date') === (rule.format !== undefined), {
    path: ['format'],
    message: 'goes with as: date, and as: date needs it, for example format: dd.MM.yyyy HH:mm',
  });
export type ColumnRule = z.infer<typeof ColumnRule>;

const ConstantRule = z.strictObject({ constant: scalar });
/** Where a field's value comes from; names alone are those of columns. */
export const FieldRule = z.union(
  [
    ConstantRule,
    ColumnRule,
    z
      .union([path, z.array(path).min(1)])
      .transform((column): ColumnRule => ({ column, as: 'text', decimal: '.' })),
  ],
  { error: 'must be a column, a list of columns, {column: …} or {constant: …}' },
);
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

/** What a collector would have seen, where the file tells it. */
export const COLLECTOR_FIELDS = ['ip', 'user_agent', 'country', 'region', 'city'] as const;

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

const ItemRule = z.strictObject({
  /**
   * The list in the record that has an item for each of its elements; columns of the item are then paths into the element, and `.`
   * is the element itself. `split` makes a list of a text.
   */
  each: z
    .union([
      path.transform((column) => ({ column })),
      z.strictObject({ column: path, split: z.string().min(1) }),
    ])
    .optional(),
  ...(Object.fromEntries(ITEM_FIELDS.map((name) => [name, FieldRule.optional()])) as Record<
    ItemField,
    z.ZodOptional<typeof FieldRule>
  >),
});

/** One source of files, as `sources/<name>.yaml` beside this declares it. */
export const Mapping = z.strictObject({
  /** For people. */
  description: z.string().optional(),
  /** What the files' content does not tell. */
  format: z
    .strictObject({
      delimiter: z.string().length(1).optional(),
      /** Columns, in order, of a table without a header line. */
      columns: z.array(z.string().min(1)).min(1).max(MAX_COLUMNS).optional(),
      encoding: z.string().refine(isEncoding, 'is no encoding, such as utf-8 or windows-1252').optional(),
    })
    .default({}),
  /** `rows`: records are in the source's own columns. `native`: records are native events already. */
  records: z.enum(['rows', 'native']).default('rows'),
  /**
   * What records without an `event_id` are told apart by. `position`: by file, place and content, so that equal records are
   * as many events. `content`: by content alone, so that files may overlap, or come again under another name, and equal
   * records are one event.
   */
  identity: z.enum(['position', 'content']).default('position'),
  fields: z.partialRecord(z.enum(EVENT_FIELDS), FieldRule).default({}),
  collector: z.partialRecord(z.enum(COLLECTOR_FIELDS), FieldRule).default({}),
  /** Items that one row tells of; an item without `item_id` is left out. */
  items: z.array(ItemRule).default([]),
  /** Further columns to keep, by the name they have under `properties`. */
  properties: z.record(z.string().min(1), FieldRule).default({}),
  history: z
    .strictObject({
      /** Whether files under `history/` enter the customers' profiles, at one read and write of Firestore for each. */
      fill_profiles: z.boolean().default(false),
    })
    .default({ fill_profiles: false }),
});
export type Mapping = z.infer<typeof Mapping>;

function isEncoding(label: string): boolean {
  try {
    return new TextDecoder(label).encoding.length > 0;
  } catch {
    return false;
  }
}
