import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Row } from './tools/row.ts';

/*
 * Guards what is fast against getting slower, by ratios of processor time of processes that take turns: what else the machine does
 * strikes both. Medians of three rounds, measured 2026-11-21 on two cores at load averages of 9 to 20, varied by a sixth: enrich 0.145
 * to 0.165, load 0.339 to 0.361; single rounds by as much as a half. Ingest's medians, at load averages of 3 to 8, were 0.49 to 0.72, its
 * single rounds, of which one is taken here, 0.46 to 0.75. The floors lie under all of that; memory varied by a hundredth.
 */
const GUARDS = [
  { bench: 'enrich', args: ['--events', '8000'], floors: { 'enrich, 100 events a message': 0.07 } },
  {
    bench: 'ingest',
    args: ['--only', 'batches of 20', '--rounds', '1', '--seconds', '2', '--warm', '800'],
    floors: { 'ingest, batches of 20': 0.35 },
  },
  {
    bench: 'load',
    args: ['--plain', '--megabytes', '8'],
    floors: { 'load, NDJSON': 0.2 },
    ceilings: { 'load, NDJSON: memory': 0.8 },
  },
] as const;
const PATIENCE_MS = 240_000;

test.each(GUARDS)('$bench is as fast as it was', { timeout: PATIENCE_MS }, async (guard) => {
  const rows = await measure(guard.bench, guard.args);
  for (const [name, floor] of Object.entries(guard.floors)) {
    expect(ratioOf(rows, name), name).toBeGreaterThan(floor);
  }
  for (const [name, ceiling] of Object.entries('ceilings' in guard ? guard.ceilings : {})) {
    expect(ratioOf(rows, name), name).toBeLessThan(ceiling);
  }
});

async function measure(bench: string, args: readonly string[]): Promise<readonly Row[]> {
  const script = fileURLToPath(new URL(`${bench}.bench.ts`, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--json', ...args]);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row);
}

function ratioOf(rows: readonly Row[], name: string): number {
  const found = rows.find((row) => row.name === name);
  if (!found) throw new Error(`there is no row ${name}; there are ${rows.map((row) => row.name).join(', ')}`);
  return found.ratio;
}
