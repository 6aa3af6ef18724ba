import { z } from 'zod';
import { CurrentModel } from '../../shared/events.ts';
import { METHODS, Metrics } from '../manifest.ts';

/**
 * What became of a model: `rejected` by the gate or by its trial in traffic; `canary`: gets a share of the traffic, or is
 * about to; `live`: gets all of it; `retired`: was live until another came; `withdrawn`: was live, and rolled back.
 */
export const MODEL_STATES = ['rejected', 'canary', 'live', 'retired', 'withdrawn'] as const;
export type ModelState = (typeof MODEL_STATES)[number];

/** The document `models/{version}`: what a model is, how it was judged, and what became of it. */
export const ModelRecord = z.object({
  model_version: z.string(),
  /** `gs://bucket/models/<version>`. */
  artifact_uri: z.string(),
  state: z.enum(MODEL_STATES),
  built_at: z.iso.datetime(),
  /** When it came into its state. */
  changed_at: z.iso.datetime(),
  /** When it last began to get all traffic. */
  live_at: z.iso.datetime().optional(),
  method: z.enum(METHODS),
  counts: z.object({ sessions: z.int(), clicks: z.int(), items: z.int() }),
  /** Each on the same newest sessions. `live`: the model that was live when this one was judged. */
  metrics: z.object({
    candidate: Metrics.optional(),
    live: Metrics.optional(),
    popularity: Metrics.optional(),
  }),
  /** Why it passed or did not, for a person. */
  report: z.array(z.string()),
  /** Item ids, most popular first: the list that stands in for the model. */
  popular: CurrentModel.shape.popular,
});
export type ModelRecord = z.infer<typeof ModelRecord>;
