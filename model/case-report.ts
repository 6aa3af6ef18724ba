import type { CaseResult } from './evaluate.ts';
import { type Latency, quantilesOf } from './latency.ts';

/** Sessions of at least `from` clicks, and fewer than the next bucket's. */
const BUCKETS = [
  { from: 1, name: '1' },
  { from: 2, name: '2' },
  { from: 3, name: '3' },
  { from: 4, name: '4–5' },
  { from: 6, name: '6–9' },
  { from: 10, name: '10–19' },
  { from: 20, name: '20+' },
] as const;

/** Quality where the session so far has a certain number of clicks. */
export interface LengthRow {
  readonly clicks: string;
  readonly cases: number;
  readonly hr20: number;
  readonly mrr20: number;
}

/** What test cases tell together. */
export interface CaseReport {
  /** Share of the cases whose next item the model knows: HR@20 cannot exceed it. */
  readonly known_share: number;
  readonly by_length: readonly LengthRow[];
  /** On the clock: what other programs on the machine take counts. */
  readonly latency_ms: Latency;
}

/** Collects the results of test cases. */
export function makeCaseReport(): { add(result: CaseResult): void; report(): CaseReport } {
  const times: number[] = [];
  let known = 0;
  const tallies = BUCKETS.map(() => ({ cases: 0, hits: 0, reciprocal: 0 }));
  return {
    add({ length, place, known: isKnown, milliseconds }) {
      times.push(milliseconds);
      if (isKnown) known++;
      const tally = tallies[BUCKETS.findLastIndex(({ from }) => from <= length)];
      if (!tally) return;
      tally.cases++;
      if (place < 0) return;
      tally.hits++;
      tally.reciprocal += 1 / (place + 1);
    },
    report: () => ({
      known_share: known / Math.max(1, times.length),
      by_length: tallies.flatMap(({ cases, hits, reciprocal }, at) =>
        cases === 0
          ? []
          : [{ clicks: BUCKETS[at]?.name ?? '', cases, hr20: hits / cases, mrr20: reciprocal / cases }],
      ),
      latency_ms: quantilesOf(times),
    }),
  };
}
