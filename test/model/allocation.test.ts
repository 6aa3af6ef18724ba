import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PROBE = fileURLToPath(new URL('allocation-probe.ts', import.meta.url));
/** A boxed number is the least that a candidate could allocate. */
const BOXED_NUMBER_BYTES = 12;

/**
 * What V8 puts into one when it compiles differs by when it does: on a busy machine one process of twenty keeps a hundred
 * numbers boxed for good. Code that allocates for each candidate does so in every process.
 */
const PROCESSES = 4;

it('a ranking allocates nothing for each candidate', () => {
  const least = { bytes: Number.POSITIVE_INFINITY, most: 0 };
  for (let each = 0; each < PROCESSES && least.bytes >= least.most; each += 1) {
    const { bytes, candidates } = measure();
    expect(candidates).toBeGreaterThan(40);
    least.bytes = Math.min(least.bytes, bytes);
    least.most = BOXED_NUMBER_BYTES * candidates;
  }
  expect(least.bytes).toBeLessThan(least.most);
}, 120_000);

function measure(): { readonly bytes: number; readonly candidates: number } {
  const nothingCollected = ['--min-semi-space-size=256', '--max-semi-space-size=256'];
  const { stdout, stderr } = spawnSync(process.execPath, [...nothingCollected, PROBE], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}
