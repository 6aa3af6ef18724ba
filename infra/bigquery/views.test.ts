import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, test } from 'vitest';
import { TABLES, TOPICS } from '../../shared/pipeline.ts';
import { readViews } from './views.ts';

const ONCE: readonly string[] = Object.values(TABLES);

/** The views over each table, and conservation, on DuckDB, whose SQL they share but for the quotes around names. */
async function warehouse(setUp: string): Promise<(sql: string) => Promise<Record<string, unknown>[]>> {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`
    CREATE MACRO to_hex(digest) AS digest;
    CREATE TABLE forgotten_raw (key_hash VARCHAR, forgotten_at INTEGER);
    CREATE TABLE events_raw (event_id VARCHAR, enriched_at INTEGER, user_key VARCHAR DEFAULT 'somebody',
      event_time INTEGER DEFAULT 0, received_at INTEGER DEFAULT 0);
    CREATE TABLE failed_events_raw (failed_id VARCHAR, event_id VARCHAR, failed_at INTEGER, replay_topic VARCHAR);
    CREATE TABLE replays_raw (failed_id VARCHAR, replay_id VARCHAR, replayed_at INTEGER);
    CREATE TABLE recommendations_raw (recommendation_id VARCHAR, generated_at INTEGER, user_key VARCHAR);
    CREATE TABLE consent_drops_raw (event_id VARCHAR, dropped_at INTEGER);
    ${setUp}`);
  for (const { name, query } of await readViews('p', 'd')) {
    if (![...ONCE, 'conservation'].includes(name)) continue;
    await connection.run(`CREATE VIEW ${name} AS ${query.replace(/`p\.d\.(\w+)`/g, '"$1"')}`);
  }
  return async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

test('there is a view for each table, and each names the dataset', async () => {
  const views = await readViews('my-project', 'shop');
  expect(views.map(({ name }) => name)).toEqual(expect.arrayContaining([...ONCE, 'conservation']));
  for (const { query } of views) {
    expect(query).toContain('`my-project.shop.');
    expect(query).not.toContain('${');
  }
});

test('each view comes after those that it reads', async () => {
  const views = await readViews('p', 'd');
  const names = new Set(views.map(({ name }) => name));
  const made = new Set<string>();
  for (const { name, query } of views) {
    const read = [...query.matchAll(/`p\.d\.(\w+)`/g)].map(([, found = '']) => found);
    expect(read.filter((each) => names.has(each) && !made.has(each))).toEqual([]);
    made.add(name);
  }
});

test('each id is shown once, the latest of its rows', async () => {
  const query = await warehouse(
    `INSERT INTO events_raw (event_id, enriched_at) VALUES ('a', 1), ('a', 3), ('b', 2);`,
  );
  expect(await query('SELECT event_id, enriched_at FROM events ORDER BY event_id')).toEqual([
    { event_id: 'a', enriched_at: 3 },
    { event_id: 'b', enriched_at: 2 },
  ]);
});

test('what happened to people until they were forgotten is not shown, and nobody else is missed', async () => {
  const query = await warehouse(`
    INSERT INTO events_raw VALUES
      ('before', 1, 'ada', 5, 5), ('late', 1, 'ada', 9, 20), ('ahead', 1, 'ada', 20, 9), ('after', 1, 'ada', 11, 11),
      ('other', 1, 'bob', 5, 5);
    INSERT INTO recommendations_raw VALUES ('r1', 9, 'ada'), ('r2', 11, 'ada'), ('r3', 9, 'bob');
    INSERT INTO forgotten_raw VALUES (sha256('ada'), 10), (sha256('ada'), 4);`);
  const ids = async (sql: string) => (await query(sql)).map(({ id }) => id);
  expect(await ids('SELECT event_id AS id FROM events ORDER BY id')).toEqual(['after', 'other']);
  expect(await ids('SELECT recommendation_id AS id FROM recommendations ORDER BY id')).toEqual(['r2', 'r3']);
  expect(await query('SELECT forgotten_at FROM forgotten')).toEqual([{ forgotten_at: 10 }]);
});

test('a failed event tells when it was last published again', async () => {
  const query = await warehouse(`
    INSERT INTO failed_events_raw VALUES ('f', 'a', 1, 't'), ('f', 'a', 2, 't'), ('g', 'b', 1, 't');
    INSERT INTO replays_raw VALUES ('f', 'r1', 3), ('f', 'r1', 3), ('f', 'r2', 4);`);
  expect(
    await query(
      'SELECT failed_id, failed_at, replayed_at, replayed_in FROM failed_events ORDER BY failed_id',
    ),
  ).toEqual([
    { failed_id: 'f', failed_at: 2, replayed_at: 4, replayed_in: 'r2' },
    { failed_id: 'g', failed_at: 1, replayed_at: null, replayed_in: null },
  ]);
});

describe('conservation', () => {
  test.each([
    { name: 'nothing', rows: '', expected: [0, 0, 0, 0] },
    {
      name: 'redelivered rows count once',
      rows: `INSERT INTO events_raw (event_id, enriched_at) VALUES ('a', 1), ('a', 2), ('b', 1);
             INSERT INTO consent_drops_raw VALUES ('c', 1), ('c', 2);
             INSERT INTO failed_events_raw VALUES ('f', 'd', 1, '${TOPICS.raw}'), ('f', 'd', 2, '${TOPICS.raw}');`,
      expected: [2, 1, 1, 4],
    },
    {
      name: 'an event that is stored and failed later on is stored',
      rows: `INSERT INTO events_raw (event_id, enriched_at) VALUES ('a', 1);
             INSERT INTO failed_events_raw VALUES ('f', 'a', 1, '${TOPICS.enriched}');`,
      expected: [1, 0, 0, 1],
    },
    {
      name: 'an event that failed twice, in two functions, failed once',
      rows: `INSERT INTO failed_events_raw VALUES ('f', 'a', 1, '${TOPICS.raw}'), ('g', 'a', 1, '${TOPICS.enriched}');`,
      expected: [0, 1, 0, 1],
    },
    {
      name: 'what failed without an event id counts on the way in only',
      rows: `INSERT INTO failed_events_raw VALUES ('f', NULL, 1, '${TOPICS.raw}'), ('g', NULL, 1, '${TOPICS.inbox}'),
               ('h', NULL, 1, '${TOPICS.recommendations}');`,
      expected: [0, 2, 0, 2],
    },
    {
      name: 'what failed without an event id counts no more once it is published again',
      rows: `INSERT INTO failed_events_raw VALUES ('f', NULL, 1, '${TOPICS.raw}'), ('g', NULL, 1, '${TOPICS.raw}');
             INSERT INTO replays_raw VALUES ('f', 'r', 2), ('f', 'r', 2);`,
      expected: [0, 1, 0, 1],
    },
    {
      name: 'an event that is published again stays failed until it is stored',
      rows: `INSERT INTO events_raw (event_id, enriched_at) VALUES ('a', 3);
             INSERT INTO failed_events_raw VALUES ('f', 'a', 1, '${TOPICS.raw}'), ('g', 'b', 1, '${TOPICS.raw}');
             INSERT INTO replays_raw VALUES ('f', 'r', 2), ('g', 'r', 2);`,
      expected: [1, 1, 0, 2],
    },
  ])('$name', async ({ rows, expected }) => {
    const query = await warehouse(rows);
    const [counts] = await query('SELECT stored, failed, consent_dropped, accepted FROM conservation');
    expect(Object.values(counts ?? {}).map(Number)).toEqual(expected);
  });
});
