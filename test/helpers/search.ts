import type { Parameters } from 'fast-check';

/**
 * How far to search for differences from Google's emulators. By default always in the same cases, so that a run of the
 * tests means the same each time; with FUZZ_RUNS=N in N new ones. What a search finds is kept as a case of its own.
 */
export function search<T>(runs: number): Parameters<T> {
  const further = process.env.FUZZ_RUNS;
  return further === undefined ? { numRuns: runs, seed: 1 } : { numRuns: Number(further) };
}
