import { messageOf } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { FinishedSpan, SpanSink } from './tracer.ts';

export interface SpanQueueOptions {
  /** Hands spans over. Rejects where they were not taken. */
  readonly send: (spans: readonly FinishedSpan[]) => Promise<void>;
  readonly log: Logger;
  /** Spans that may wait; further ones are dropped. Default 2048, as OpenTelemetry's batch processor has it. */
  readonly maxWaiting?: number;
  /** Spans handed over at a time. Default 512. */
  readonly maxBatch?: number;
  /** How long a span may wait for others, in milliseconds. Default 1000. */
  readonly delayMs?: number;
}

/** Between lines about lost spans, in milliseconds. */
const QUIET_MS = 60_000;

/**
 * Gathers spans and hands them over in batches, one at a time. Traces are best effort: a batch that is not taken is
 * dropped, and the log says how many spans that were, once a minute at most.
 */
export function makeSpanQueue(options: SpanQueueOptions): SpanSink {
  const { send, log, maxWaiting = 2048, maxBatch = 512, delayMs = 1000 } = options;
  let waiting: FinishedSpan[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;
  let lost = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  const tell = (why: string): void => {
    const now = performance.now();
    if (now - toldAt < QUIET_MS) return;
    toldAt = now;
    log.warn(
      `${lost} spans of traces were lost: ${why}; the events themselves are not concerned. See OTEL_EXPORTER_OTLP_ENDPOINT`,
    );
    lost = 0;
  };

  const drain = async (): Promise<void> => {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, maxBatch);
      waiting = waiting.slice(maxBatch);
      try {
        await send(batch);
      } catch (error) {
        lost += batch.length;
        tell(messageOf(error));
      }
    }
    // Here, and not in a later turn, so that no span added meanwhile is left without a sender.
    sending = undefined;
  };

  const flush = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length > 0) sending ??= drain();
    return sending ?? Promise.resolve();
  };

  return {
    add(span) {
      if (waiting.length >= maxWaiting) {
        lost += 1;
        tell(`${maxWaiting} wait already`);
        return;
      }
      waiting.push(span);
      if (waiting.length >= maxBatch) void flush();
      else timer ??= setTimeout(() => void flush(), delayMs).unref();
    },
    flush,
  };
}
