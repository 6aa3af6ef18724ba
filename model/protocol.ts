import { z } from 'zod';

/**
 * What the model server is asked and answers: the body of Vertex AI's predict call,
 * `{"instances":[Instance,…]}` → `{"predictions":[Prediction,…]}`, one prediction per instance, in order.
 * https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements
 */

export const Instance = z.object({
  /** The shopper's recent interactions, newest first; empty for a shopper nothing is known of. */
  items: z.array(z.object({ item_id: z.string(), event_name: z.string(), event_time: z.string() })).max(50),
  /** Items never to return. The newest item is left out in any case: the shopper is looking at it. */
  exclude: z.array(z.string()).max(200).default([]),
  /** Length of the list. */
  limit: z.int().min(1).max(100).default(20),
});
export type Instance = z.infer<typeof Instance>;

export const Prediction = z.object({
  model_version: z.string(),
  /** `popularity` where no item of the session is known to the model. */
  source: z.enum(['model', 'popularity']),
  /** Best first. `because`: the session's item that spoke most for it. */
  items: z.array(z.object({ item_id: z.string(), score: z.number(), because: z.string().optional() })),
});
export type Prediction = z.infer<typeof Prediction>;

/** Vertex AI's cap on a request and on a response, in bytes. */
export const PREDICT_MAX_BYTES = 1_500_000;
