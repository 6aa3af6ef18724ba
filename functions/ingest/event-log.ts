import type { FailedEvent, RawEvent } from '../../shared/events.ts';
import { makeGroupCommit } from '../../shared/group-commit.ts';
import { LIMITS } from '../../shared/limits.ts';
import { type Chunk, encodeChunks } from '../../shared/message.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';
import type { ChunkPublisher } from '../../shared/publisher.ts';
import { formatTraceparent, type TraceContext } from '../../shared/trace.ts';

/** The events of one request, encoded: objects that wait would be copied by each garbage collection meanwhile. */
export interface Entry {
  readonly accepted: readonly Chunk[];
  readonly failed: readonly Chunk[];
  readonly bytes: number;
  /** The request's trace; a message goes on with one request's trace, and is linked to those of the others. */
  readonly trace?: TraceContext | undefined;
}

export function encodeEntry(
  accepted: readonly RawEvent[],
  failed: readonly FailedEvent[],
  trace: TraceContext | undefined,
): Entry {
  const entry = { accepted: encodeChunks(accepted), failed: encodeChunks(failed), trace };
  const bytes = [...entry.accepted, ...entry.failed].reduce((sum, { data }) => sum + data.length, 0);
  return { ...entry, bytes };
}

/** Where events become durable. */
export interface EventLog {
  /** Resolves once Pub/Sub has acknowledged every event. @throws TransientError */
  append(entry: Entry): Promise<void>;
}

export interface EventLogOptions {
  readonly publisher: ChunkPublisher;
  /** Publishes that may run at the same time, per topic. */
  readonly concurrency: number;
}

/**
 * Requests gather this long before a publish begins beside another, in milliseconds: a publish takes about a millisecond
 * of processor time whatever is in it, and Pub/Sub rarely answers sooner.
 */
const GATHER_MS = 5;
/** Bytes of one publish, in as many messages as they take. */
const PUBLISH_BYTES = 4 * LIMITS.batchBytes;

interface Part {
  readonly chunk: Chunk;
  readonly trace: TraceContext | undefined;
}

/** An event log on `clickstream-raw` and `failed-events` that commits concurrent requests together. */
export function makeEventLog({ publisher, concurrency }: EventLogOptions): EventLog {
  const groupCommit = (topic: Topic) => {
    const group = makeGroupCommit<Part, undefined>({
      maxItems: LIMITS.batchEvents,
      maxBytes: PUBLISH_BYTES,
      concurrency,
      gatherMs: GATHER_MS,
      sizeOf: ({ chunk }) => chunk.data.length,
      commit: async (parts) => {
        const [first, ...others] = tracesOf(parts);
        await publisher.publishChunks(
          topic,
          parts.map(({ chunk }) => chunk),
          first === undefined ? {} : { traceparent: formatTraceparent(first) },
          others,
        );
        return parts.map(() => undefined);
      },
    });
    return (chunks: readonly Chunk[], trace: TraceContext | undefined) =>
      group.add(chunks.map((chunk) => ({ chunk, trace })));
  };
  const raw = groupCommit(TOPICS.raw);
  const failed = groupCommit(TOPICS.failed);
  return {
    async append({ accepted, failed: rejected, trace }) {
      if (rejected.length === 0) await raw(accepted, trace);
      else await Promise.all([raw(accepted, trace), failed(rejected, trace)]);
    },
  };
}

/** Each request's trace once; those that are recorded, where any is. */
function tracesOf(parts: readonly Part[]): readonly TraceContext[] {
  const traces = new Set(parts.flatMap(({ trace }) => trace ?? []));
  const sampled = [...traces].filter((trace) => trace.sampled);
  return sampled.length > 0 ? sampled : [...traces].slice(0, 1);
}
