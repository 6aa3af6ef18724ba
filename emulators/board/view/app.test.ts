import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATASET, rawTable, TABLES } from '../../../shared/pipeline.ts';
import { type FixtureView, seeRaw, startFixtureView, storeFailures } from './fixtures.ts';
import type { Journey, Table } from './protocol.ts';
import { READY_QUERIES } from './ready-queries.ts';

let view: FixtureView;
beforeAll(async () => {
  view = await startFixtureView();
});
afterAll(() => view.close());

const HOST = 'http://127.0.0.1:8080';
const get = (path: string, headers: Record<string, string> = {}) =>
  view.app.request(`${HOST}${path}`, { headers: { host: '127.0.0.1:8080', ...headers } });
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  view.app.request(`${HOST}${path}`, {
    method: 'POST',
    headers: { host: '127.0.0.1:8080', 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const errorOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { readonly error: string }).error;

describe('queries', () => {
  const run = (sql: string) => post('/api/query', { sql });

  test.each(READY_QUERIES)('$name', async ({ sql }) => {
    const response = await run(sql);
    expect(await response.json()).toMatchObject({ columns: expect.any(Array), cut: false });
    expect(response.status).toBe(200);
  });

  test('rows are bounded, in their order, and cells are JSON', async () => {
    const response = await run(
      "SELECT n, DATE '2026-01-02' AS d, TIMESTAMP '2026-01-02 03:04:05+00' AS t, [1, 2] AS l, STRUCT('x' AS a) AS s, NULL AS z FROM UNNEST(GENERATE_ARRAY(1, 2000)) AS n ORDER BY n DESC; -- all",
    );
    const { columns, rows, cut } = (await response.json()) as Table;
    expect(columns).toEqual(['n', 'd', 't', 'l', 's', 'z']);
    expect(rows).toHaveLength(500);
    expect(cut).toBe(true);
    expect(rows[0]).toEqual([2000, '2026-01-02', '2026-01-02T03:04:05.000Z', [1, 2], { a: 'x' }, null]);
    expect(rows[499]?.[0]).toBe(1501);
  });

  test.each([
    `DELETE FROM ${DATASET}.events_raw WHERE TRUE`,
    `SELECT 1; DROP TABLE ${DATASET}.events_raw`,
    `/* SELECT */ DROP TABLE ${DATASET}.events_raw`,
    `CREATE TABLE ${DATASET}.x AS SELECT 1`,
    `SELECT 1) ; DROP TABLE ${DATASET}.events_raw; SELECT * FROM (SELECT 2`,
    '',
  ])('%s is refused, and nothing is lost', async (sql) => {
    const response = await run(sql);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toContain('Only one statement that reads');
    const [exists] = await view.bigquery.dataset(DATASET).table('events_raw').exists();
    expect(exists).toBe(true);
  });

  test('what is wrong is said in BigQuery’s words', async () => {
    const response = await run(`SELECT nothing_like_it FROM ${DATASET}.events`);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toContain('nothing_like_it');
  });

  test('what takes too long is cancelled', async () => {
    const endless =
      'SELECT COUNT(*) FROM UNNEST(GENERATE_ARRAY(1, 50000)) AS a, UNNEST(GENERATE_ARRAY(1, 50000)) AS b, UNNEST(GENERATE_ARRAY(1, 50000)) AS c WHERE MOD(a * b, 7) = 3';
    const job = view.bigquery.createQueryJob({ query: endless, jobTimeoutMs: 200 });
    await expect(job).rejects.toThrow('timed out after 0.2 s');
  });
});

describe('failed events', () => {
  test('are counted, filtered and replayed', async () => {
    const [first] = await storeFailures(view.bigquery, [
      { event_id: 'f1', note: "O'Brien" },
      { event_id: 'f2', note: 'b' },
    ]);
    const all = (await (await get('/api/failures')).json()) as {
      readonly counts: Table;
      readonly failures: Table;
      readonly replayable: boolean;
    };
    expect(all.counts.rows[0]?.slice(0, 3)).toEqual(['enrich', 'invalid_event', 2]);
    expect(all.failures.rows).toHaveLength(2);
    expect(all.replayable).toBe(true);
    const held = await get(
      `/api/failures?${new URLSearchParams({ text: "O'Brien", reason: 'invalid_event' })}`,
    );
    expect(((await held.json()) as { readonly failures: Table }).failures.rows).toHaveLength(1);
    const none = await get('/api/failures?function=push');
    expect(((await none.json()) as { readonly failures: Table }).failures.rows).toEqual([]);

    const response = await post('/api/failures/replay', { failed_ids: [first?.failed_id] });
    expect(await response.json()).toEqual({ replayed: 1, message: '1 sent in again.' });
    expect(view.replayed).toEqual([{ failed_ids: [first?.failed_id] }]);
  });

  test.each([
    [{ failed_ids: ["x' OR failed_id != '"] }, 'failed_ids'],
    [{ failed_ids: [] }, 'failed_ids'],
    [{ failed_ids: ['a', 'b'], mended: {} }, 'mended'],
    [{ failed_ids: ['a'], mended: 'text' }, 'mended'],
  ])('the order %j is refused', async (order, name) => {
    const response = await post('/api/failures/replay', order);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toContain(name);
  });

  test.each([
    ['/api/failures?reason=x', 'reason'],
    ['/api/failures?function=x', 'function'],
  ])('%s is refused', async (path, name) => {
    const response = await get(path);
    expect(response.status).toBe(400);
    expect(await errorOf(response)).toContain(name);
  });
});

describe('an event', () => {
  test('that was seen is shown as it goes', async () => {
    seeRaw(view.trails, 'm1', { event_id: 'seen', event_name: 'view_item', anonymous_id: 'v' });
    const journey = (await (await get('/api/events/seen')).json()) as Journey;
    expect(journey).toMatchObject({ event_id: 'seen', visitor: 'v', outcome: 'under way' });
  });

  test('that nobody watched is read from the warehouse', async () => {
    const at = (ms: number): string => new Date(Date.UTC(2026, 0, 1) + ms).toISOString();
    const event = {
      event_id: 'stored',
      event_name: 'view_item',
      event_time: at(0),
      received_at: at(0),
      enriched_at: at(40),
      user_key: 'v',
      visitor_id: 'v',
      session_id: 's',
    };
    const recommendation = {
      recommendation_id: 'r',
      user_key: 'v',
      visitor_id: 'v',
      generated_at: at(70),
      model_version: 'm-7',
      trigger: { event_id: 'stored', event_name: 'view_item', event_time: at(0), received_at: at(0) },
    };
    const table = (name: 'events' | 'recommendations') =>
      view.bigquery.dataset(DATASET).table(rawTable(TABLES[name]));
    await table('events').insert([event]);
    await table('recommendations').insert([recommendation]);
    const journey = (await (await get('/api/events/stored')).json()) as Journey;
    expect(journey).toMatchObject({ event_name: 'view_item', visitor: 'v', outcome: 'stored' });
    expect(journey.steps.map(({ place, to }) => [place, to - Date.UTC(2026, 0, 1)])).toEqual([
      ['ingest', 0],
      ['enrich', 40],
      ['recommend', 70],
    ]);
    expect(journey.forms.map(({ title }) => title)).toEqual(['table events', 'table recommendations']);
  });

  test.each(['unknown', "'; DROP TABLE x", '../../etc/passwd', '%00'])('%s is not found', async (id) => {
    const response = await get(`/api/events/${encodeURIComponent(id)}`);
    expect(response.status).toBe(404);
    expect(await errorOf(response)).toContain('No event of this id');
  });
});

describe('who may ask', () => {
  test('a page of another site may not, whatever name it reaches this machine by', async () => {
    expect((await get('/api/models', { host: 'evil.example' })).status).toBe(403);
    expect((await get('/', { host: '127.0.0.1.evil.example:8080' })).status).toBe(403);
    const body = { sql: 'SELECT 1' };
    expect((await post('/api/query', body, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await post('/api/query', body, { 'content-type': 'text/plain' })).status).toBe(400);
    expect((await post('/api/query', body, { origin: HOST })).status).toBe(200);
  });

  test('the page may run scripts and styles of its own only', async () => {
    const response = await get('/');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await response.text()).toContain('<script type="module" src="/page.js">');
  });
});
