import { describe, expect, test } from 'vitest';
import { TABLE_DEFINITIONS } from '../../infra/bigquery/tables.ts';
import { TransientError } from '../../shared/errors.ts';
import { TABLES } from '../../shared/pipeline.ts';
import {
  type AppendConnection,
  AppendError,
  type AppendRequest,
  type RowError,
} from './append-connection.ts';
import { makeTableAppender } from './table-appender.ts';

/** An appender over a connection that answers as told, then with success. */
function setUp(...answers: readonly (readonly RowError[] | AppendError)[]) {
  const requests: AppendRequest[] = [];
  const left = [...answers];
  const connection: AppendConnection = {
    async append(request) {
      requests.push(request);
      const answer = left.shift() ?? [];
      if (answer instanceof AppendError) throw answer;
      return answer;
    },
    close: () => undefined,
  };
  let now = 0;
  const appender = makeTableAppender({
    connection,
    dataset: 'projects/p/datasets/shop',
    table: TABLE_DEFINITIONS[TABLES.consentDrops],
    retryForMs: 1000,
    clock: () => now,
    sleep: async (ms) => {
      now += ms;
    },
    random: () => 1,
  });
  return { appender, requests };
}

const rows = (...ids: readonly string[]) =>
  ids.map((event_id) => ({ event_id, dropped_at: '2026-11-21T12:00:00Z' }));

describe('makeTableAppender', () => {
  test('appends to the default stream of its table', async () => {
    const { appender, requests } = setUp();
    expect(await appender.append(rows('a', 'b'))).toEqual([{ ok: true }, { ok: true }]);
    expect(requests[0]?.writeStream).toBe(
      'projects/p/datasets/shop/tables/consent_drops_raw/streams/_default',
    );
  });

  test('takes out the rows BigQuery names and appends the others again', async () => {
    const { appender, requests } = setUp([{ index: 1, message: 'bad b' }], [{ index: 1, message: 'bad c' }]);
    const outcomes = await appender.append(rows('a', 'b', 'c', 'd'));
    expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.message))).toEqual([
      'ok',
      'bad b',
      'bad c',
      'ok',
    ]);
    expect(requests.map((request) => request.rows.length)).toEqual([4, 3, 2]);
  });

  test('a row that does not encode is refused alone', async () => {
    const { appender } = setUp();
    const outcomes = await appender.append([
      ...rows('a'),
      { event_id: 'b', dropped_at: 'never' },
      ...rows('c'),
    ]);
    expect(outcomes).toEqual([
      { ok: true },
      { ok: false, message: 'dropped_at is no time: never' },
      { ok: true },
    ]);
  });

  test('tries again what may pass', async () => {
    const { appender, requests } = setUp(new AppendError(14, 'gone'), new AppendError(10, 'aborted'));
    expect(await appender.append(rows('a'))).toEqual([{ ok: true }]);
    expect(requests).toHaveLength(3);
  });

  test('gives up after its time', async () => {
    const { appender, requests } = setUp(...Array.from({ length: 50 }, () => new AppendError(14, 'gone')));
    await expect(appender.append(rows('a'))).rejects.toThrow(TransientError);
    expect(requests.length).toBeLessThan(10);
  });

  test.each([
    { code: 5, says: 'no table shop.consent_drops_raw; apply infra/bigquery' },
    { code: 7, says: 'roles/bigquery.dataEditor' },
    { code: 3, says: 'do not fit this version' },
  ])('says what to do about code $code, at once', async ({ code, says }) => {
    const { appender, requests } = setUp(new AppendError(code, 'refused'));
    const failure = appender.append(rows('a'));
    await expect(failure).rejects.toThrow(TransientError);
    await expect(failure).rejects.toThrow(says);
    expect(requests).toHaveLength(1);
  });
});
