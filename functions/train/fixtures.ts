import type { BatchContext } from '../../shared/batch-function.ts';
import { makeLogger } from '../../shared/log.ts';
import { TOPICS } from '../../shared/pipeline.ts';

/** For tests: the time everything happens at. */
export const NOW = Date.parse('2026-11-21T12:00:00.000Z');

/** A time some hours before `NOW`. */
export function hoursAgo(hours: number): string {
  return new Date(NOW - hours * 3_600_000).toISOString();
}

/** The context of a batch, and the lines it logs. */
export function batchContext(): { readonly context: BatchContext; readonly lines: string[] } {
  const lines: string[] = [];
  const context: BatchContext = {
    topic: TOPICS.trainRequests,
    messageId: 'm1',
    publishTime: hoursAgo(0),
    attributes: {},
    log: makeLogger({ write: (line) => void lines.push(line) }),
    outgoing: { traceparent: 'trace' },
  };
  return { context, lines };
}

/** Rows as they stream. */
export async function* streamOf<T>(rows: Iterable<T>): AsyncGenerator<T> {
  yield* rows;
}
