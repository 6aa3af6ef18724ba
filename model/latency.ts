import type { Ranker } from './ranker.ts';

/** In milliseconds. */
export interface Latency {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Items and kinds of clicks before a prediction, oldest first. */
export interface Asked {
  readonly items: Uint32Array;
  readonly kinds: Uint8Array;
}

const PASSES = 5;

/** Quantiles of times in milliseconds. */
export function quantilesOf(times: readonly number[] | Float64Array): Latency {
  const sorted = Float64Array.from(times).sort();
  const quantile = (q: number): number => sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
  return { p50: quantile(0.5), p90: quantile(0.9), p99: quantile(0.99) };
}

/**
 * How long rankings take when nothing else has the processor: all are made one after the other in five passes, and the
 * least time of each counts. On a machine that does nothing else it is what the clock says at any time.
 */
export function measureLatency(ranker: Ranker, asked: readonly Asked[]): Latency {
  const least = new Float64Array(asked.length).fill(Number.POSITIVE_INFINITY);
  for (let pass = 0; pass < PASSES; pass++)
    asked.forEach(({ items, kinds }, at) => {
      const started = performance.now();
      ranker.rank(items, kinds, items.length);
      least[at] = Math.min(least[at] ?? 0, performance.now() - started);
    });
  return quantilesOf(least);
}
