import type { FailedEvent } from './events.ts';
import { stableId } from './ids.ts';
import type { Attributes } from './message.ts';

/** What a message says of the replay that it comes from; messages that follow from it say it too. */
export interface Replayed {
  /** The run. */
  readonly replayId: string;
  /** `failed_id` of the event's first failure. */
  readonly replayOf: string;
  /** Deliveries before. */
  readonly attempts: number;
}

const REPLAY_ID = 'replay_id';
const REPLAY_OF = 'replay_of';
const ATTEMPTS = 'replay_attempts';

/** The attributes of a message that carries one event again. */
export function replayAttributes({ replayId, replayOf, attempts }: Replayed): Attributes {
  return { [REPLAY_ID]: replayId, [REPLAY_OF]: replayOf, [ATTEMPTS]: String(attempts) };
}

/** The replay a message comes from, if from any. */
export function replayedBy(attributes: Attributes): Replayed | undefined {
  const { [REPLAY_ID]: replayId, [REPLAY_OF]: replayOf, [ATTEMPTS]: attempts } = attributes;
  if (!replayId || !replayOf) return undefined;
  return { replayId, replayOf, attempts: Number.parseInt(attempts ?? '0', 10) || 0 };
}

/**
 * A failure as a row of its own that points to the first one, where its message comes from a replay: the rows of one event
 * are told apart by run, and a redelivery within a run repeats its row.
 */
export function asReplayed(failed: FailedEvent, attributes: Attributes): FailedEvent {
  const replayed = replayedBy(attributes);
  if (!replayed) return failed;
  const { replayId, replayOf, attempts } = replayed;
  return {
    ...failed,
    failed_id: stableId(failed.failed_id, replayId),
    replay_id: replayId,
    replay_of: replayOf,
    attempts: attempts + failed.attempts,
  };
}
