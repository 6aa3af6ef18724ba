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
  const whole = typeof failure.payload === 'string' ? failure.payload : canonicalJson(failure.payload);
  const payload = fitQuoted(whole, LIMITS.failedPayloadBytes);
  const eventId = failure.eventId ?? eventIdOf(failure.payload);
  const receivedAt = failure.receivedAt;
  return {
    failed_id: stableId(identity.name, failure.reason, eventId ?? whole),
    ...(eventId === undefined ? {} : { event_id: eventId }),
    failed_at: new Date(now).toISOString(),
    ...(receivedAt === undefined ? {} : { received_at: receivedAt }),
    function: identity.name,
    function_version: identity.version,
    reason: failure.reason,
    ...(failure.path ? { path: failure.path } : {}),
    message: failure.message.slice(0, 2048),
    replay_topic: failure.replayTopic,
    payload,
    payload_truncated: payload.length < whole.length,
    attempts: failure.attempts ?? 1,
    schema_version: SCHEMA_VERSION,
  };
}

/** The beginning of a text that has at most so many bytes once it is a JSON string in UTF-8. */
function fitQuoted(text: string, bytes: number): string {
  let kept = text;
  // A character has 6 bytes at most, as in \u0000.
  while (kept.length * 6 > bytes) {
    const has = Buffer.byteLength(JSON.stringify(kept));
    if (has <= bytes) break;
    kept = kept.slice(0, Math.min(kept.length - 1, Math.floor((kept.length * bytes) / has)));
  }
  return kept;
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
