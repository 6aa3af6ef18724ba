import type { Logger } from '../../shared/log.ts';

/** One answered request. */
export interface Observation {
  readonly in: number;
  readonly out: number;
  readonly failed: number;
  readonly status: number;
  readonly durationMs: number;
}

/** Sums requests up, and logs one line `handled` a second: a line for each would cost more than the request. */
export interface Meter {
  observe(observation: Observation): void;
  /** Logs what has not been logged yet. */
  flush(): void;
}

const ZERO = { in: 0, out: 0, failed: 0, requests: 0, refused: 0, errors: 0, durationMs: 0, maxMs: 0 };

/**
 * The line is written by the first request after the second has passed, or by a timer; on Cloud Run the timer stands
 * still between requests, as the CPU does.
 */
export function makeMeter(log: Logger, clock: () => number = Date.now, everyMs = 1_000): Meter {
  let sums = { ...ZERO };
  let since = clock();
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    const { requests, durationMs, maxMs, refused, errors, ...counts } = sums;
    sums = { ...ZERO };
    since = clock();
    if (requests === 0) return;
    log.info('handled', {
      metric: {
        ...counts,
        requests,
        refused,
        errors,
        duration_ms: Math.round((durationMs / requests) * 10) / 10,
        duration_max_ms: maxMs,
      },
    });
  };
  return {
    observe(seen) {
      sums.in += seen.in;
      sums.out += seen.out;
      sums.failed += seen.failed;
      sums.requests += 1;
      if (seen.status >= 400 && seen.status < 500) sums.refused += 1;
      if (seen.status >= 500) sums.errors += 1;
      sums.durationMs += seen.durationMs;
      sums.maxMs = Math.max(sums.maxMs, seen.durationMs);
      if (clock() - since >= everyMs) flush();
      else timer ??= setTimeout(flush, everyMs).unref();
    },
    flush,
  };
}
