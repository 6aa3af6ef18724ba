import { z } from 'zod';

/**
 * What the model server is asked and answers: the body of Vertex AI's predict call,
 * `{"instances":[Instance,…]}` → `{"predictions":[Answer,…]}`, one answer per instance, in order.
 * https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements
 */

/**
 * `next`: what the shopper will want next. `similar`: what is like the newest item, for its page. `together`: what goes
 * with all the items, for a cart; other categories first, where categories are known.
 */
export const MODES = ['next', 'similar', 'together'] as const;

const category = z.string().max(1024);

/** A product that the model may not know yet, with what can be said of it. */
export const Offer = z.object({
  item_id: z.string(),
  category: category.optional(),
  brand: z.string().optional(),
  price: z.number().optional(),
});
export type Offer = z.infer<typeof Offer>;

export const Instance = z.object({
  /** The shopper's recent interactions, newest first; empty for a shopper nothing is known of. */
  items: z.array(z.object({ item_id: z.string(), event_name: z.string(), event_time: z.string() })).max(50),
  /** Items never to return. The newest item is left out in any case: the shopper is looking at it. */
  exclude: z.array(z.string()).max(500).default([]),
  /** Length of the list. */
  limit: z.int().min(1).max(100).default(20),
  mode: z.enum(MODES).default('next'),
  /** Where the shopper is, as in training; for a shopper nothing else is known of. */
  country: z.string().optional(),
  /** Categories the shopper likes, the dearest first. */
  interests: z.array(category).max(20).default([]),
  /** The only categories to return; items of unknown category are then left out. */
  categories: z.array(category).max(100).optional(),
  /** 0: by score alone; towards 1 an item gives way the more, the more of its category stand before it. */
  diversity: z.number().min(0).max(1).default(0),
  /** Products to show among the others where they suit the shopper; those that the model knows are passed over. */
  fresh: z.array(Offer).max(100).default([]),
});
export type Instance = z.infer<typeof Instance>;
/** An instance as callers write it: what has a default may be left out. */
export type InstanceInput = z.input<typeof Instance>;

export const REASONS = ['viewed', 'similar', 'together', 'category', 'country', 'new', 'popular'] as const;

/** Why an item is listed, as data: `item_id` is the clicked item that led to it, `category` the one it is popular or new in. */
export const Reason = z.object({
  kind: z.enum(REASONS),
  item_id: z.string().optional(),
  category: z.string().optional(),
});
export type Reason = z.infer<typeof Reason>;

export const Prediction = z.object({
  model_version: z.string(),
  /** `popularity` where no item of the session is known to the model. */
  source: z.enum(['model', 'popularity']),
  /** Best first. */
  items: z.array(z.object({ item_id: z.string(), score: z.number(), reason: Reason })),
});
export type Prediction = z.infer<typeof Prediction>;

/** What an instance gets that cannot be answered: what is wrong, and where in it. */
export const Refusal = z.object({ error: z.string() });
export type Refusal = z.infer<typeof Refusal>;

export const PredictionAnswer = z.union([Prediction, Refusal]);
export type PredictionAnswer = z.infer<typeof PredictionAnswer>;

/** Vertex AI's cap on a request and on a response, in bytes. */
export const PREDICT_MAX_BYTES = 1_500_000;
