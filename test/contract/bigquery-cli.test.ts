import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';

/** A command of Python's, and no quick one. */
const PATIENCE_MS = 300_000;

const bq = (process.env.PATH ?? '')
  .split(delimiter)
  .map((folder) => join(folder, 'bq'))
  .find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });

describe.skipIf(bq === undefined)("the gcloud SDK's bq (skipped where it is not installed)", () => {
  let emulator: RunningEmulator;
  let folder: string;

  beforeAll(async () => {
    emulator = await startBigQueryEmulator();
    folder = await mkdtemp(join(tmpdir(), 'bq-test-'));
    await writeFile(join(folder, 'bigqueryrc'), '');
    await writeFile(
      join(folder, 'rows.json'),
      '{"id":"a","n":1,"at":"2026-01-01T00:00:00Z"}\n{"id":"b","n":2}\n',
    );
    await writeFile(join(folder, 'rows.csv'), 'id,n,at\nc,3,2026-01-02 00:00:00\n');
  });
  afterAll(async () => {
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** Runs commands in one `bq shell`; what each printed, in order. */
  async function shell(...commands: readonly string[]): Promise<readonly string[]> {
    const flags = [`--bigqueryrc=${join(folder, 'bigqueryrc')}`, '--oauth_access_token=x', '--format=json'];
    const child = spawn(String(bq), [...flags, '--api', emulator.url, '--project_id=demo-x', 'shell'], {
      env: { ...process.env, CLOUDSDK_CONFIG: folder },
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
    });
    child.stdin.end(`${commands.join('\n')}\nexit\n`);
    await new Promise((resolve, reject) => child.once('close', resolve).once('error', reject));
    return printed
      .split('demo-x> ')
      .slice(1, -1)
      .map((text) => text.trim());
  }
  const json = (text: string | undefined): unknown => JSON.parse(text ?? '');

  test(
    'datasets and tables are made, shown, filled, asked and removed',
    async () => {
      const file = (name: string): string => join(folder, name);
      const [made, table, datasets, tables, dataset, shown, schema, ...rest] = await shell(
        'mk --dataset --description "a shop" shop',
        'mk --table --time_partitioning_field at --clustering_fields id shop.events id:STRING,n:INTEGER,at:TIMESTAMP',
        'ls',
        'ls shop',
        'show shop',
        'show shop.events',
        'show --schema shop.events',
        `load --source_format=NEWLINE_DELIMITED_JSON shop.events ${file('rows.json')}`,
        `load --skip_leading_rows=1 shop.events ${file('rows.csv')}`,
        'head -n 2 shop.events',
        'query --use_legacy_sql=false --parameter=least:INT64:2 "SELECT id, n FROM shop.events WHERE n >= @least ORDER BY id"',
        `query --use_legacy_sql=false '--parameter=ids:ARRAY<STRING>:["a","c"]' "SELECT COUNT(*) AS n FROM shop.events WHERE id IN UNNEST(@ids)"`,
        'query --use_legacy_sql=false "SELECT nosuch FROM shop.events"',
        'cp shop.events shop.copied',
        `insert shop.copied ${file('rows.json')}`,
        'query --use_legacy_sql=false "SELECT COUNT(*) AS n FROM shop.copied"',
        'update --description "all of them" shop.copied',
        'rm -f -t shop.copied',
        'show shop.copied',
        'rm -r -f -d shop',
        'ls',
      );
      expect(made).toBe("Dataset 'demo-x:shop' successfully created.");
      expect(table).toBe("Table 'demo-x:shop.events' successfully created.");
      expect(json(datasets)).toMatchObject([{ id: 'demo-x:shop' }]);
      expect(json(tables)).toMatchObject([{ id: 'demo-x:shop.events', type: 'TABLE' }]);
      expect(json(dataset)).toMatchObject({ description: 'a shop' });
      expect(json(shown)).toMatchObject({
        numRows: '0',
        timePartitioning: { type: 'DAY', field: 'at' },
        clustering: { fields: ['id'] },
      });
      expect(json(schema)).toMatchObject([{ name: 'id' }, { name: 'n' }, { name: 'at', type: 'TIMESTAMP' }]);
      const [
        loaded,
        loadedCsv,
        head,
        asked,
        counted,
        unknown,
        copied,
        inserted,
        all,
        updated,
        removed,
        ...last
      ] = rest;
      expect([loaded, loadedCsv]).toEqual(['', '']);
      expect(json(head)).toEqual([
        { id: 'a', n: '1', at: '2026-01-01 00:00:00' },
        { id: 'b', n: '2', at: null },
      ]);
      expect(json(asked)).toEqual([
        { id: 'b', n: '2' },
        { id: 'c', n: '3' },
      ]);
      expect(json(counted)).toEqual([{ n: '2' }]);
      expect(unknown).toContain('Unrecognized name: nosuch at [1:8]');
      expect(copied).toBe("Table 'demo-x:shop.events' successfully copied to 'demo-x:shop.copied'");
      expect(json(inserted)).toEqual({ kind: 'bigquery#tableDataInsertAllResponse' });
      expect(json(all)).toEqual([{ n: '5' }]);
      expect(updated).toBe("Table 'demo-x:shop.copied' successfully updated.");
      expect(removed).toBe('');
      expect(last[0]).toContain('Not found: Table demo-x:shop.copied');
      expect(last.slice(1)).toEqual(['', '']);
    },
    PATIENCE_MS,
  );
});
