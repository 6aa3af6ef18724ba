import { type FailureReason, messageOf, PermanentError } from './errors.ts';
import { type FailedEvent, SCHEMA_VERSION } from './events.ts';
import { stableId } from './ids.ts';
import { canonicalJson } from './json.ts';
import { LIMITS } from './limits.ts';
import type { Topic } from './pipeline.ts';

/** The function that speaks: its name and version. */
export interface FunctionIdentity {
  readonly name: string;
  readonly version: string;
}

export interface Failure {
  readonly reason: FailureReason;
  readonly message: string;
  readonly path?: string | undefined;
  /** The original event, as received: an object, or text that did not parse. */
  readonly payload: unknown;
  /** The event's id where the payload does not hold it, such as a row's. */
  readonly eventId?: string | undefined;
  readonly replayTopic: Topic;
  readonly attempts?: number;
  readonly receivedAt?: string | undefined;
}

/** The record of one event that a function gave up on. Equal failures have equal ids, so a redelivery adds nothing. */
export function makeFailedEvent(identity: FunctionIdentity, failure: Failure, now: number): FailedEvent {
  const payload = typeof failure.payload === 'string' ? failure.payload : canonicalJson(failure.payload);
  const eventId = failure.eventId ?? eventIdOf(failure.payload);
  const receivedAt = failure.receivedAt;
  return {
    failed_id: stableId(identity.name, failure.reason, eventId ?? payload),
    ...(eventId === undefined ? {} : { event_id: eventId }),
    failed_at: new Date(now).toISOString(),
    ...(receivedAt === undefined ? {} : { received_at: receivedAt }),
    function: identity.name,
    function_version: identity.version,
    reason: failure.reason,
    ...(failure.path ? { path: failure.path } : {}),
    message: failure.message.slice(0, 2048),
    replay_topic: failure.replayTopic,
    payload: payload.slice(0, LIMITS.failedPayload),
    payload_truncated: payload.length > LIMITS.failedPayload,
    attempts: failure.attempts ?? 1,
    schema_version: SCHEMA_VERSION,
  };
}

/** How an error that processing an event raised reads as a failure. */
export function failureOf(error: unknown): Pick<Failure, 'reason' | 'message' | 'path'> {
  return error instanceof PermanentError
    ? { reason: error.reason, message: error.message, path: error.path }
    : { reason: 'internal', message: messageOf(error) };
}

/** The usable `event_id` of something that may be an event. */
export function eventIdOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null) return undefined;
  const id = (payload as { event_id?: unknown }).event_id;
  return typeof id === 'string' && id.length > 0 && id.length <= LIMITS.idLength ? id : undefined;
}
