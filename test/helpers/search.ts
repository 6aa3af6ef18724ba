import fc from 'fast-check';

const { FUZZ_SEED = '1', FUZZ_RUNS } = process.env;

/**
 * Properties are tried in the same cases each time, so that a run of the tests means the same each time. With
 * FUZZ_SEED=new they are tried in new ones, and with FUZZ_SEED=S in those that a failure told under that seed. What a
 * search finds is kept as a case of its own.
 */
if (FUZZ_SEED !== 'new') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(FUZZ_SEED) });

/** How many cases to try where each takes long: FUZZ_RUNS for a search. */
export function search(runs: number): { readonly numRuns: number } {
  return { numRuns: Number(FUZZ_RUNS ?? runs) };
}
