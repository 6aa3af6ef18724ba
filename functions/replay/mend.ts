import type { FailedEvent } from '../../shared/events.ts';
import { eventIdOf } from '../../shared/failed-event.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';
import type { PayloadReader, Transform } from './ports.ts';

/** Why a failed event cannot be published again. */
export type Obstacle =
  /** Its payload is not kept whole. */
  | 'payload_incomplete'
  /** Its payload is no JSON object, and no transform makes one of it. */
  | 'payload_unreadable'
  /** Its topic takes no replays. */
  | 'no_topic'
  /** It stands for a file: putting the file into the inbox bucket again loads it. */
  | 'file'
  /** The transform answered nothing. */
  | 'left_by_transform';

/** What to publish for a failed event, or why nothing. */
export type Mended =
  | { readonly topic: Topic; readonly events: readonly object[] }
  | { readonly obstacle: Obstacle };

/** Failures and dead letters are no work of a function. */
const TAKEN: ReadonlySet<string> = new Set(
  Object.values(TOPICS).filter(
    (topic) => topic !== TOPICS.failed && topic !== TOPICS.deadLetters && topic !== TOPICS.replayRequests,
  ),
);

/** Reads a failed event's payload, mends it, and gives it the event id that it failed under, so that it counts as the same event. */
export async function mend(
  failed: FailedEvent,
  payloads: PayloadReader,
  transform: Transform | undefined,
): Promise<Mended> {
  if (failed.reason === 'file_rejected') return { obstacle: 'file' };
  if (!TAKEN.has(failed.replay_topic)) return { obstacle: 'no_topic' };
  const text = await wholePayload(failed, payloads);
  if (text === undefined) return { obstacle: 'payload_incomplete' };
  const payload = jsonOr(text);
  const answer = transform === undefined ? payload : await transform(payload, failed);
  if (transform !== undefined && (answer === undefined || answer === null))
    return { obstacle: 'left_by_transform' };
  const events = Array.isArray(answer) ? (answer as readonly unknown[]) : [answer];
  if (events.length === 0 || !events.every(isObject)) return { obstacle: 'payload_unreadable' };
  const alone = events.length === 1;
  return {
    topic: failed.replay_topic as Topic,
    events: events.map((event) => (alone ? withId(event, failed) : event)),
  };
}

async function wholePayload(failed: FailedEvent, payloads: PayloadReader): Promise<string | undefined> {
  if (failed.payload_uri !== undefined) return payloads.read(failed.payload_uri);
  return failed.payload_truncated ? undefined : failed.payload;
}

/** Only events on their way in are given an id where they have none. */
function withId(event: object, { event_id, replay_topic }: FailedEvent): object {
  const isEvent = replay_topic === TOPICS.inbox || replay_topic === TOPICS.raw;
  return isEvent && event_id !== undefined && eventIdOf(event) === undefined ? { ...event, event_id } : event;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
