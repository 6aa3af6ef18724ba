import type { BatchContext, Route } from '../../../shared/batch-function.ts';
import type { RawEvent } from '../../../shared/events.ts';
import { LIMITS } from '../../../shared/limits.ts';
import { TOPICS, type Topic } from '../../../shared/pipeline.ts';
import type { Publisher } from '../../../shared/publisher.ts';
import type { Row } from '../formats/row.ts';
import type { Sink } from '../ports.ts';
import { makeCounter } from './counter.ts';
import type { ReadEvent } from './event-reader.ts';
import type { Failures } from './failures.ts';

/** Rows of one chunk, on their way into the warehouse. */
export interface StagedRows {
  /** Resolves when there is room for more. */
  write(rows: readonly object[]): Promise<void>;
  /** Resolves once the rows are durable; until then there are none. */
  commit(): Promise<void>;
  /** Leaves nothing open, and behind only what is committed. */
  abort(): void;
}

export interface HistorySinkOptions {
  readonly read: (row: Row) => ReadEvent;
  readonly failures: Failures;
  /** Makes the route that cleans events, from where it puts what it made of them. */
  readonly cleaning: (publisher: Publisher) => Route<RawEvent>;
  readonly staged: StagedRows;
  readonly publisher: Publisher;
  readonly context: BatchContext;
}

/**
 * Events of the past are cleaned by the same code as clicks, and are staged for a load job instead of being streamed. Nobody
 * downstream hears of them, so that they cause no recommendation.
 */
export function makeHistorySink(options: HistorySinkOptions): Sink {
  const { read, failures, staged, publisher, context } = options;
  const counter = makeCounter();
  const cleaner = options.cleaning({
    publish: (topic: Topic, events, attributes) =>
      topic === TOPICS.enriched ? staged.write(events) : publisher.publish(topic, events, attributes),
  });
  let batch: RawEvent[] = [];
  const clean = async (): Promise<void> => {
    if (batch.length === 0) return;
    const events = batch;
    batch = [];
    const { failed = [] } = await cleaner.handle(events, context);
    if (failed.length > 0) await publisher.publish(TOPICS.failed, failed, context.outgoing);
  };
  return {
    counts: counter.counts,
    samples: counter.samples,
    async add(rows) {
      for (const row of rows) {
        const result = read(row);
        if ('failure' in result) {
          counter.failed(row, result.failure.message);
          await failures.add(result.failure);
        } else {
          counter.passed();
          batch.push(result.event);
          if (batch.length === LIMITS.batchEvents) await clean();
        }
      }
    },
    async finish() {
      await Promise.all([clean(), failures.finish()]);
      await staged.commit();
    },
    abort: () => staged.abort(),
  };
}
