import type { FailedEvent, RawEvent } from '../../shared/events.ts';
import { makeGroupCommit } from '../../shared/group-commit.ts';
import { LIMITS } from '../../shared/limits.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';
import { childTrace, formatTraceparent, type TraceContext } from '../../shared/trace.ts';

/** The events of one request. */
export interface Entry {
  readonly accepted: readonly RawEvent[];
  readonly failed: readonly FailedEvent[];
  /** Bytes of the request, by which commits are bounded. */
  readonly bytes: number;
  /** The request's trace; a message goes on with the trace of the first request in it. */
  readonly trace?: TraceContext | undefined;
}

/** Where events become durable. */
export interface EventLog {
  /** Resolves once Pub/Sub has acknowledged every event. @throws TransientError */
  append(entry: Entry): Promise<void>;
}

export interface EventLogOptions {
  readonly publisher: Publisher;
  /** Publishes that may run at the same time, per topic. */
  readonly concurrency: number;
}

interface Line {
  readonly event: object;
  readonly bytes: number;
  readonly trace: TraceContext | undefined;
}

/** Room for the collector's fields on each event. */
const COLLECTOR_BYTES = 300;

/** An event log on `clickstream-raw` and `failed-events` that commits concurrent requests together. */
export function makeEventLog({ publisher, concurrency }: EventLogOptions): EventLog {
  const groupCommit = (topic: Topic) =>
    makeGroupCommit<Line, undefined>({
      maxItems: LIMITS.batchEvents,
      maxBytes: LIMITS.batchBytes,
      concurrency,
      sizeOf: (line) => line.bytes,
      commit: async (lines) => {
        const events = lines.map((line) => line.event);
        const traceparent = formatTraceparent(childTrace(lines[0]?.trace));
        await publisher.publish(topic, events, { traceparent });
        return lines.map(() => undefined);
      },
    });
  const raw = groupCommit(TOPICS.raw);
  const failed = groupCommit(TOPICS.failed);
  return {
    async append({ accepted, failed: rejected, bytes, trace }) {
      const share = bytes / Math.max(1, accepted.length + rejected.length) + COLLECTOR_BYTES;
      const lines = (events: readonly object[]): Line[] =>
        events.map((event) => ({ event, bytes: share, trace }));
      if (rejected.length === 0) await raw.add(lines(accepted));
      else await Promise.all([raw.add(lines(accepted)), failed.add(lines(rejected))]);
    },
  };
}
