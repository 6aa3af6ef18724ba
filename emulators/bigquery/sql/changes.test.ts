import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../backend.ts';
import { makeEventsBackend, plainRows } from './fixtures.ts';

let backend: Backend;

beforeAll(async () => {
  backend = await makeEventsBackend();
});
afterAll(() => backend.close());

const run = (sql: string) => backend.query({ project: 'demo-p', dataset: 'd', sql });
const rowsOf = async (sql: string) => plainRows(await run(sql));

describe('statements that change things', () => {
  test('a table is made, filled, merged into and emptied', async () => {
    await run(`CREATE TABLE d.stock (id INT64 NOT NULL OPTIONS(description='key'), name STRING, at TIMESTAMP, st STRUCT<a INT64, b STRING>)
      PARTITION BY DATE(at) CLUSTER BY name, id OPTIONS(description="the stock", labels=[('team', 'shop')])`);
    expect(
      (await run("INSERT INTO d.stock (id, name, st) VALUES (1, 'a', (1, 'b')), (2, 'b', STRUCT(2, 'c'))"))
        .changed,
    ).toBe(2);
    const merge = `MERGE d.stock t USING (SELECT 2 AS id, 'B' AS name UNION ALL SELECT 3, 'c') s ON t.id = s.id
      WHEN MATCHED THEN UPDATE SET name = s.name
      WHEN NOT MATCHED THEN INSERT (id, name) VALUES (s.id, s.name)
      WHEN NOT MATCHED BY SOURCE THEN DELETE`;
    expect((await run(merge)).changed).toBe(3);
    await run(
      "MERGE d.stock USING (SELECT 9 AS id, 'z' AS name) s ON FALSE WHEN NOT MATCHED THEN INSERT ROW",
    );
    expect(await rowsOf('SELECT id, name, st.b FROM d.stock ORDER BY id')).toEqual([
      ['2', 'B', 'c'],
      ['3', 'c', null],
      ['9', 'z', null],
    ]);
    expect((await run("UPDATE d.stock SET name = 'q' WHERE id > 2")).changed).toBe(2);
    expect((await run('DELETE d.stock WHERE id = 2')).changed).toBe(1);
    await run('TRUNCATE TABLE d.stock');
    expect(await rowsOf('SELECT COUNT(*) FROM d.stock')).toEqual([['0']]);

    const entry = backend.table({ project: 'demo-p', dataset: 'd', table: 'stock' });
    expect(entry.metadata).toEqual({
      timePartitioning: { type: 'DAY', field: 'at' },
      clustering: { fields: ['name', 'id'] },
      description: 'the stock',
      labels: { team: 'shop' },
    });
    expect(entry.fields.map(({ name, type, mode }) => [name, type, mode])).toEqual([
      ['id', 'INTEGER', 'REQUIRED'],
      ['name', 'STRING', 'NULLABLE'],
      ['at', 'TIMESTAMP', 'NULLABLE'],
      ['st', 'RECORD', 'NULLABLE'],
    ]);
    await run('DROP TABLE d.stock');
    expect(backend.tables({ project: 'demo-p', dataset: 'd' }).map(({ ref }) => ref.table)).toEqual([
      'events',
    ]);
  });

  test('a view by SQL keeps its query, a table of a query its partitions', async () => {
    await run('CREATE OR REPLACE VIEW d.names AS SELECT event_name, COUNT(*) AS c FROM d.events GROUP BY 1');
    await run(
      'CREATE TABLE `demo-p.d.daily` PARTITION BY DATE(event_time) AS SELECT event_id, event_time FROM d.events',
    );
    const [view, table] = ['names', 'daily'].map((name) =>
      backend.table({ project: 'demo-p', dataset: 'd', table: name }),
    );
    expect(view?.view).toBe('SELECT event_name, COUNT(*) AS c FROM d.events GROUP BY 1');
    expect(table?.metadata).toEqual({ timePartitioning: { type: 'DAY', field: 'event_time' } });
    expect(await rowsOf('SELECT c FROM d.names ORDER BY 1')).toEqual([['1'], ['1'], ['3']]);
    await run('DROP VIEW d.names');
    await run('DROP TABLE d.daily');
  });

  test('a dataset is made and dropped', async () => {
    await run("CREATE SCHEMA other OPTIONS(description='x')");
    await run('CREATE TABLE other.x AS SELECT 1 AS a');
    expect(backend.datasets('demo-p').map(({ ref }) => ref.dataset)).toEqual(['d', 'other']);
    await run('DROP SCHEMA other CASCADE');
    expect(backend.datasets('demo-p').map(({ ref }) => ref.dataset)).toEqual(['d']);
  });

  test('a script that fails keeps what came before', async () => {
    await expect(run('SELECT 1; CREATE TABLE d.half AS SELECT 1 AS x; SELECT nosuch')).rejects.toThrow(
      'nosuch',
    );
    expect(await rowsOf('SELECT x FROM d.half')).toEqual([['1']]);
    expect(backend.table({ project: 'demo-p', dataset: 'd', table: 'half' }).fields).toMatchObject([
      { name: 'x' },
    ]);
    await run('DROP TABLE d.half');
  });

  test('writers and readers at once do not disturb each other', async () => {
    await run('CREATE TABLE d.busy (n INT64)');
    const ref = { project: 'demo-p', dataset: 'd', table: 'busy' };
    await Promise.all(
      Array.from({ length: 10 }, (_, n) => [
        backend.appendRows(ref, [{ n }]),
        run(`INSERT INTO d.busy (n) VALUES (${n})`),
        run('SELECT COUNT(*) FROM d.busy'),
      ]).flat(),
    );
    expect(await rowsOf('SELECT COUNT(*), SUM(n) FROM d.busy')).toEqual([['20', '90']]);
    await run('DROP TABLE d.busy');
  });

  test.each(['', '../x', 'memory', "a'b"])('"%s" is no project', async (project) => {
    await expect(backend.query({ project, sql: 'SELECT 1' })).rejects.toMatchObject({ reason: 'invalid' });
  });

  test('a project begins empty, for all who ask at once', async () => {
    const asked = Array.from({ length: 5 }, () => backend.query({ project: 'demo-new', sql: 'SELECT 1' }));
    expect((await Promise.all(asked)).map(plainRows)).toEqual(Array(5).fill([['1']]));
  });
});
