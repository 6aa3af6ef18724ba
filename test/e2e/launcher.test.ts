import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import type { ReplaySummary } from '../../emulators/replay/run.ts';
import { EVERY_EMULATOR } from '../helpers/every-emulator.ts';
import { whyNoGoogleEmulators } from '../helpers/google-emulators.ts';
import { alive, descendants, launch } from '../helpers/launcher.ts';

const folder = mkdtempSync(join(tmpdir(), 'nextclick-launcher-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** RetailRocket's columns: 120 visitors who walk rings of ten items, and the header once more in the middle. */
function retailRocketFile(): { readonly path: string; readonly rows: number } {
  const header = 'timestamp_s,visitorid,event,itemid,sessionid,categoryid';
  const start = Date.UTC(2015, 5, 1) / 1000;
  const kinds = ['view', 'view', 'view', 'view', 'addtocart', 'transaction'];
  const rows = Array.from({ length: 120 }, (_, visitor) =>
    kinds.map((kind, step) => {
      const item = (visitor % 8) * 10 + ((visitor + step) % 10);
      return `${start + visitor * 600 + step * 20},${visitor},${kind},${item},${visitor},${visitor % 8}`;
    }),
  ).flat();
  rows.splice(300, 0, header);
  const path = join(folder, 'events.csv.gz');
  writeFileSync(path, gzipSync(`${header}\n${rows.join('\n')}\n`));
  return { path, rows: rows.length };
}

/** Whose Pub/Sub and Firestore emulators are to run: ours, and with npm run test:emulators Google's too, where they can. */
const WHOSE = !EVERY_EMULATOR || (await whyNoGoogleEmulators()) ? ['own'] : ['own', 'google'];

describe('npm start', () => {
  test.each(WHOSE)(
    'replays a file by emulators "%s", accounts for each row, and ends with nothing left',
    async (whose) => {
      const { path, rows } = retailRocketFile();
      const launcher = launch(
        ...['--replay', path, '--mapping', 'retailrocket', '--exit', '--json', '--emulators', whose],
      );
      await launcher.line(/training the first model/);
      const children = descendants(launcher.process.pid ?? 0);
      expect(children.length).toBeGreaterThan(10);
      expect(await launcher.ended).toBe(0);
      expect(alive(children)).toEqual([]);

      expect(launcher.output.out).toHaveLength(1);
      const summary = JSON.parse(launcher.output.out[0] ?? '') as ReplaySummary;
      expect(summary).toMatchObject({
        read: rows,
        sent: rows,
        accepted: rows,
        rejected: 1,
        warehouse_distinct: rows - 1,
        failed: 1,
        consent_dropped: 0,
        conserved: true,
        users_known: 120,
      });
      expect(summary.users_known_recommended / summary.users_known).toBeGreaterThanOrEqual(0.95);
      expect(summary.end_to_end_ms.p50).toBeGreaterThan(0);
    },
    180_000,
  );

  test.each([
    ['SIGINT', 0],
    ['SIGKILL', null],
  ] as const)(
    '%s leaves no process behind',
    async (signal, status) => {
      const launcher = launch();
      await launcher.line(/ready after/);
      const children = descendants(launcher.process.pid ?? 0);
      expect(children.length).toBeGreaterThan(10);
      launcher.process.kill(signal);
      expect(await launcher.ended).toBe(status);
      await expect.poll(() => alive(children), { timeout: 20_000 }).toEqual([]);
    },
    120_000,
  );
});
