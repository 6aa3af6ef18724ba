import { z } from 'zod';
import { id, timestamp } from './fields.ts';

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
  /** The last that was looked at, where a run goes on; only what comes after it, by time of failure and id, is found. */
  after: z.object({ failed_at: timestamp, failed_id: id }).optional(),
});
export type ReplayRequest = z.infer<typeof ReplayRequest>;

/** An order to forget a person, on `forget-requests`; or to erase anew what came late of those forgotten before. */
export const ForgetRequest = z.union([
  z.object({ user_id: id, forgotten_at: timestamp.optional() }),
  z.object({ anonymous_id: id, forgotten_at: timestamp.optional() }),
  z.object({ sweep: z.literal(true) }),
]);
export type ForgetRequest = z.infer<typeof ForgetRequest>;
