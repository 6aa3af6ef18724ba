import { z } from 'zod';
import { HistoryItem } from './enriched-event.ts';
import { id, text, timestamp } from './fields.ts';

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
