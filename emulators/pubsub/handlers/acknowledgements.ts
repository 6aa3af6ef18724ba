import type { Source, StaleIds } from '../backend.ts';
import { CODE, invalid, PubSubError } from '../pubsub-error.ts';

const LONGEST_DEADLINE_SECONDS = 600;

/** Sets when a delivery counts as failed: in so many seconds; with 0, now. Answers the ids that were over already. */
export function modifyDeadline(source: Source, ackIds: readonly string[], seconds: number): StaleIds {
  if (!(seconds >= 0 && seconds <= LONGEST_DEADLINE_SECONDS))
    throw invalid(
      `The value for ack_deadline_seconds is out of bounds: ${seconds}; it lies between 0 and ${LONGEST_DEADLINE_SECONDS}.`,
    );
  return seconds === 0 ? source.nack(ackIds) : source.extend(ackIds, seconds * 1000);
}

/**
 * With exactly-once delivery, the caller is told that an acknowledgement came too late.
 * https://cloud.google.com/pubsub/docs/exactly-once-delivery
 * @throws PubSubError FAILED_PRECONDITION with what is wrong by ack id
 */
export function refuseStale(stale: StaleIds, source: Source): void {
  if (stale.length === 0 || !source.policy.exactlyOnce) return;
  throw new PubSubError(
    CODE.FAILED_PRECONDITION,
    'Some acknowledgement ids in the request were invalid. This could be because the acknowledgement ids have expired or the acknowledgement ids were malformed.',
    Object.fromEntries(stale.map((ackId) => [ackId, 'PERMANENT_FAILURE_INVALID_ACK_ID'])),
  );
}
