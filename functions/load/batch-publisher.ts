import { LIMITS } from '../../shared/limits.ts';
import type { Attributes } from '../../shared/message.ts';
import type { Topic } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';

/** Publishes a long run of events in batches, a few at a time, so that memory stays bounded. */
export interface BatchPublisher {
  /** `bytes`: of the event's JSON. Resolves when there is room for the next event. @throws what a publish before it threw. */
  add(event: object, bytes: number): Promise<void>;
  /** Resolves once everything added is durable. @throws what any publish threw. */
  finish(): Promise<void>;
}

export interface BatchPublisherOptions {
  readonly publisher: Publisher;
  readonly topic: Topic;
  readonly attributes: Attributes;
  /** Publishes that may run at a time. */
  readonly concurrency: number;
}

export function makeBatchPublisher(options: BatchPublisherOptions): BatchPublisher {
  const { publisher, topic, attributes, concurrency } = options;
  const running = new Set<Promise<void>>();
  let batch: object[] = [];
  let batchBytes = 0;
  let failure: { readonly error: unknown } | undefined;

  const check = (): void => {
    if (failure) throw failure.error;
  };
  const flush = async (): Promise<void> => {
    while (running.size >= concurrency) await Promise.race(running);
    check();
    if (batch.length === 0) return;
    const events = batch;
    batch = [];
    batchBytes = 0;
    const publish = publisher
      .publish(topic, events, attributes)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => running.delete(publish));
    running.add(publish);
  };
  return {
    async add(event, bytes) {
      if (batchBytes + bytes > LIMITS.batchBytes) await flush();
      batch.push(event);
      batchBytes += bytes;
      if (batch.length >= LIMITS.batchEvents) await flush();
    },
    async finish() {
      await flush();
      await Promise.all(running);
      check();
    },
  };
}
