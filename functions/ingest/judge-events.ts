import type { FailureReason } from '../../shared/errors.ts';
import { type Collector, NativeEvent, type RawEvent } from '../../shared/events.ts';
import { stableId } from '../../shared/ids.ts';
import { canonicalJson, jsonDepth } from '../../shared/json.ts';
import { LIMITS } from '../../shared/limits.ts';
import { describeIssues } from '../../shared/message.ts';

/** What an event turned out to be. */
export type Verdict =
  | { readonly status: 'accepted'; readonly event: RawEvent }
  | {
      readonly status: 'rejected';
      readonly reason: Extract<FailureReason, 'invalid_event' | 'too_large'>;
      readonly path: string;
      readonly message: string;
      readonly payload: unknown;
    };

export interface JudgeContext {
  /** Enters the ids derived for events without one: a write key, or what stands for one. */
  readonly scope: string;
  readonly collector: Collector;
  /** Bytes all events have together, at least; spares measuring each where none can be too large. */
  readonly totalBytes: number;
}

/** Levels of a whole event: `properties` may have `LIMITS.depth`, below the event and the list. */
const EVENT_DEPTH = LIMITS.depth + 2;
/** Characters of a message; an event may have hundreds of faults. */
const MESSAGE_LENGTH = 1_000;

/**
 * Validates events one by one, and completes those that are well: an `event_id` derived from the content where there
 * is none, and the time of receipt where there is no time. A request sent again yields the same ids; equal events
 * within one request are as many events (docs/decisions/0051).
 */
export function judgeEvents(events: readonly unknown[], context: JudgeContext): Verdict[] {
  const seen = new Map<string, number>();
  const measure = context.totalBytes > LIMITS.eventBytes;
  return events.map((payload): Verdict => {
    const reject = (reason: 'invalid_event' | 'too_large', path: string, message: string): Verdict => ({
      status: 'rejected',
      reason,
      path,
      message,
      payload,
    });
    // First, since what follows walks the value by recursion.
    if (jsonDepth(payload, EVENT_DEPTH) > EVENT_DEPTH) {
      return reject('invalid_event', '', `event: nests deeper than ${EVENT_DEPTH} levels`);
    }
    if (measure) {
      const bytes = Buffer.byteLength(JSON.stringify(payload) ?? '');
      if (bytes > LIMITS.eventBytes) {
        return reject('too_large', '', `event: has ${bytes} bytes; ${LIMITS.eventBytes} are allowed`);
      }
    }
    const parsed = NativeEvent.safeParse(payload);
    if (!parsed.success) {
      const { path, message } = describeIssues(parsed.error);
      return reject('invalid_event', path, message.slice(0, MESSAGE_LENGTH));
    }
    const event_id = parsed.data.event_id ?? derivedId(payload, context.scope, seen);
    const event_time = parsed.data.event_time ?? context.collector.received_at;
    return {
      status: 'accepted',
      event: { ...parsed.data, event_id, event_time, collector: context.collector },
    };
  });
}

/** An id of the content as received, so that it does not depend on what is filled in, and of its place among equals. */
function derivedId(payload: unknown, scope: string, seen: Map<string, number>): string {
  const content = stableId(scope, canonicalJson(payload));
  const earlier = seen.get(content) ?? 0;
  seen.set(content, earlier + 1);
  return earlier === 0 ? content : stableId(content, String(earlier));
}
