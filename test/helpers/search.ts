import type { Parameters } from 'fast-check';

/**
 * How far to search for differences from Google's emulators. By default always in the same cases, so that a run of the
 * tests means the same each time; with FUZZ_RUNS=N in N new ones, or with FUZZ_SEED=S in those that a search had found
 * under that seed. What a search finds is kept as a case of its own.
 */
export function search<T>(runs: number): Parameters<T> {
  const { FUZZ_RUNS: further, FUZZ_SEED: seed } = process.env;
  if (further === undefined && seed === undefined) return { numRuns: runs, seed: 1 };
  return { numRuns: Number(further ?? runs), ...(seed === undefined ? {} : { seed: Number(seed) }) };
}
