import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const PROBE = fileURLToPath(new URL('allocation-probe.ts', import.meta.url));
/** A boxed number is the least that a candidate could allocate. */
const BOXED_NUMBER_BYTES = 12;

it('a ranking allocates nothing for each candidate', () => {
  const nothingCollected = ['--min-semi-space-size=256', '--max-semi-space-size=256'];
  const { stdout, stderr } = spawnSync(process.execPath, [...nothingCollected, PROBE], { encoding: 'utf8' });
  expect(stderr).toBe('');
  const { bytes, candidates } = JSON.parse(stdout) as { bytes: number; candidates: number };
  expect(candidates).toBeGreaterThan(40);
  expect(bytes).toBeLessThan(BOXED_NUMBER_BYTES * candidates);
}, 60_000);
