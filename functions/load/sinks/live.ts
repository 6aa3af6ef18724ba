import type { Attributes } from '../../../shared/message.ts';
import { TOPICS } from '../../../shared/pipeline.ts';
import type { ChunkPublisher } from '../../../shared/publisher.ts';
import type { Row } from '../formats/row.ts';
import type { Sink } from '../ports.ts';
import { makeBatchPublisher } from './batch-publisher.ts';
import { makeCounter } from './counter.ts';
import type { ReadEvent } from './event-reader.ts';
import type { Failures } from './failures.ts';

export interface LiveSinkOptions {
  readonly read: (row: Row) => ReadEvent;
  readonly failures: Failures;
  readonly publisher: ChunkPublisher;
  readonly attributes: Attributes;
  /** Publishes that may run at a time. */
  readonly concurrency: number;
}

/** Events that behave like clicks go to `clickstream-raw`. */
export function makeLiveSink({ read, failures, ...publishing }: LiveSinkOptions): Sink {
  const raw = makeBatchPublisher({ ...publishing, topic: TOPICS.raw });
  const counter = makeCounter();
  return {
    counts: counter.counts,
    samples: counter.samples,
    async add(rows) {
      for (const row of rows) {
        const result = read(row);
        let room: Promise<void> | undefined;
        if ('failure' in result) {
          counter.failed(row, result.failure.message);
          room = failures.add(result.failure);
        } else {
          counter.passed();
          room = raw.add(result.json);
        }
        // Most records wait for nothing, and a promise for each would be dear.
        if (room !== undefined) await room;
      }
    },
    async finish() {
      await Promise.all([raw.finish(), failures.finish()]);
    },
    abort: () => undefined,
  };
}
