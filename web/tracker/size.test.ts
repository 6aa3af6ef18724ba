import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'nextclick-web-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the tracker is one file below 3 kB gzipped, and needs no other', () => {
  execFileSync(process.execPath, [fileURLToPath(new URL('../build.ts', import.meta.url)), '--out', folder]);
  const script = readFileSync(join(folder, 'tracker.js'));
  expect(gzipSync(script, { level: 9 }).length).toBeLessThan(3000);
  expect(script.toString()).not.toMatch(/\bimport\b/);
  expect(script.toString()).toMatch(/^var nextclick=/);
});
