import { z } from 'zod';
import type { FailureReason } from '../../shared/errors.ts';
import { type Collector, NativeEvent, type RawEvent } from '../../shared/events.ts';
import { eventIdOf } from '../../shared/failed-event.ts';
import { stableId } from '../../shared/ids.ts';
import { canonicalJson, fieldsOf, jsonDepth } from '../../shared/json.ts';
import { keepUnknown } from '../../shared/keep-unknown.ts';
import { LIMITS } from '../../shared/limits.ts';
import { describeIssues } from '../../shared/message.ts';

/** What an event turned out to be. */
export type Verdict =
  | { readonly status: 'accepted'; readonly event: RawEvent }
  | {
      readonly status: 'rejected';
      /** The event's own id, else the one it would have been given. */
      readonly eventId: string;
      readonly reason: Extract<FailureReason, 'invalid_event' | 'too_large'>;
      readonly path: string;
      readonly message: string;
      readonly payload: unknown;
    };

export interface JudgeContext {
  /** Enters the ids derived for events without one: the name of the source. */
  readonly scope: string;
  readonly collector: Collector;
  /** For each event, the visitor's user agent where it is not that of the request. */
  readonly userAgents?: readonly (string | undefined)[] | undefined;
  /** Events that their protocol could not read, by place. */
  readonly faults?: ReadonlyMap<number, { readonly path: string; readonly message: string }> | undefined;
  /** Bytes all events have together, at least; spares measuring each where none can be too large. */
  readonly totalBytes: number;
}

/** Generated code for the schema, some six times as fast as its interpretation; strict, so that it is never silently slow. */
const Event = z.compile(NativeEvent, { strict: true });
/** Levels of a whole event: `properties` may have `LIMITS.depth`, below the event and the list. */
const EVENT_DEPTH = LIMITS.depth + 2;
const USER_AGENT_LENGTH = 1024;
/** Characters of a message; an event may have hundreds of faults. */
const MESSAGE_LENGTH = 1_000;

/**
 * Validates events one by one, and completes those that are well: an `event_id` derived from the content where there
 * is none, and the time of receipt where there is no time. A request sent again yields the same ids; equal events
 * within one request are as many events (docs/decisions/0051).
 */
export function judgeEvents(events: readonly unknown[], context: JudgeContext): Verdict[] {
  const { scope, collector } = context;
  const idOf = idDeriver(scope);
  const measure = context.totalBytes > LIMITS.eventBytes;
  return events.map((payload, index): Verdict => {
    const reject = (reason: 'invalid_event' | 'too_large', path: string, message: string): Verdict => ({
      status: 'rejected',
      eventId: eventIdOf(payload) ?? idOf(payload),
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
    const fault = context.faults?.get(index);
    if (fault) return reject('invalid_event', fault.path, fault.message);
    const fields = fieldsOf(payload);
    const parsed = Event.safeParse(fields ? keepUnknown(fields) : payload);
    if (!parsed.success) {
      const { path, message } = describeIssues(parsed.error);
      return reject('invalid_event', path, message.slice(0, MESSAGE_LENGTH));
    }
    const event_id = parsed.data.event_id ?? idOf(payload);
    const event_time = parsed.data.event_time ?? collector.received_at;
    const agent = context.userAgents?.[index]?.slice(0, USER_AGENT_LENGTH);
    return {
      status: 'accepted',
      event: {
        ...parsed.data,
        event_id,
        event_time,
        collector: agent === undefined ? collector : { ...collector, user_agent: agent },
      },
    };
  });
}

/**
 * Derives ids of the content as received, so that they do not depend on what is filled in, and of the place among equals.
 */
function idDeriver(scope: string): (payload: unknown) => string {
  const seen = new Map<string, number>();
  return (payload) => {
    const content = stableId(scope, canonicalJson(payload));
    const earlier = seen.get(content) ?? 0;
    seen.set(content, earlier + 1);
    return earlier === 0 ? content : stableId(content, String(earlier));
  };
}
