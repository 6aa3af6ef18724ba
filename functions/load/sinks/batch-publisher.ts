import { LIMITS } from '../../../shared/limits.ts';
import type { Attributes } from '../../../shared/message.ts';
import type { Topic } from '../../../shared/pipeline.ts';
import type { ChunkPublisher } from '../../../shared/publisher.ts';

/** Bytes of a message's events, less what frames them. */
const ROOM_BYTES = LIMITS.batchBytes - 64;

/** Publishes a long run of events in batches, a few at a time, so that memory stays bounded. */
export interface BatchPublisher {
  /** Takes an event as JSON, and its bytes. Returns a promise where one has to wait for room. @throws what a publish before it threw. */
  add(event: string, bytes: number): Promise<void> | undefined;
  /** Resolves once everything added is durable. @throws what any publish threw. */
  finish(): Promise<void>;
}

export interface BatchPublisherOptions {
  readonly publisher: ChunkPublisher;
  readonly topic: Topic;
  readonly attributes: Attributes;
  /** Publishes that may run at a time. */
  readonly concurrency: number;
}

export function makeBatchPublisher(options: BatchPublisherOptions): BatchPublisher {
  const { publisher, topic, attributes, concurrency } = options;
  const running = new Set<Promise<void>>();
  let batch: string[] = [];
  let batchBytes = 0;
  let failure: { readonly error: unknown } | undefined;

  const check = (): void => {
    if (failure) throw failure.error;
  };
  /** Takes the batch at once, and publishes it when there is room. */
  const flush = async (): Promise<void> => {
    const events = batch;
    batch = [];
    batchBytes = 0;
    while (running.size >= concurrency) await Promise.race(running);
    check();
    if (events.length === 0) return;
    const chunk = { data: Buffer.from(events.join(',')), count: events.length };
    const publish = publisher
      .publishChunks(topic, [chunk], attributes)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(publish));
    running.add(publish);
  };
  return {
    add(event, bytes) {
      const full = batch.length === LIMITS.batchEvents || batchBytes + bytes > ROOM_BYTES;
      const flushed = full ? flush() : undefined;
      batch.push(event);
      batchBytes += bytes + 1;
      return flushed;
    },
    async finish() {
      await flush();
      await Promise.all(running);
      check();
    },
  };
}
