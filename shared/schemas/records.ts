import { z } from 'zod';
import { FAILURE_REASONS } from '../errors.ts';
import { id, timestamp } from './fields.ts';

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

/** That an event was dropped for want of consent, or because the person is forgotten: its id and the time, nothing about the visitor. */
export const ConsentDrop = z.object({ event_id: id, dropped_at: timestamp });
export type ConsentDrop = z.infer<typeof ConsentDrop>;

/** That what happened to a person until a moment is to be seen no more, in the table `forgotten`. */
export const Tombstone = z.object({
  /** SHA-256 of the person's `user_key`, hexadecimal: the key itself is forgotten too. */
  key_hash: id,
  forgotten_at: timestamp,
});
export type Tombstone = z.infer<typeof Tombstone>;
