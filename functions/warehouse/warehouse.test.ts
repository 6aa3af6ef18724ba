import { describe, expect, test } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import { FailedEvent } from '../../shared/events.ts';
import { LIMITS } from '../../shared/limits.ts';
import { TABLES, type Table, TOPICS } from '../../shared/pipeline.ts';
import { replayAttributes } from '../../shared/replayed.ts';
import { batchContext, enrichedEvent, failedEvent, NOW } from './fixtures.ts';
import type { TableAppender } from './table-appender.ts';
import { makeWarehouse } from './warehouse.ts';

/** Tables in memory that refuse the rows whose ids they are told to. */
function setUp(refused: readonly string[] = []) {
  const stored = new Map<Table, object[]>();
  const kept = new Map<string, string>();
  const appenderOf = (table: Table): TableAppender => ({
    append: async (rows) =>
      rows.map((row) => {
        const { event_id = '', failed_id = '' } = row as { event_id?: string; failed_id?: string };
        if (refused.includes(event_id) || refused.includes(failed_id))
          return { ok: false, message: 'out of range' };
        stored.set(table, [...(stored.get(table) ?? []), row]);
        return { ok: true };
      }),
  });
  const routes = makeWarehouse({
    identity: { name: 'warehouse', version: 'v1' },
    appenderOf,
    payloads: {
      keep: async ({ failed_id, payload }) => {
        kept.set(failed_id, payload);
        return `gs://quarantine/${failed_id}`;
      },
    },
    clock: () => NOW,
  });
  return { routes, kept, rows: (table: Table) => stored.get(table) ?? [] };
}

const deadLetter = (subscription: string) =>
  batchContext(TOPICS.deadLetters, {
    CloudPubSubDeadLetterSourceSubscription: subscription,
    CloudPubSubDeadLetterSourceDeliveryCount: '20',
  });

describe('makeWarehouse', () => {
  test('stores events; a refused one becomes a failed event, the others stay', async () => {
    const { routes, rows } = setUp(['bad']);
    const events = [enrichedEvent({ event_id: 'a' }), enrichedEvent({ event_id: 'bad' })];
    const result = await routes.enriched.handle(events, batchContext(TOPICS.enriched).context);
    expect(rows(TABLES.events)).toEqual([events[0]]);
    expect(result).toMatchObject({
      out: 1,
      failed: [{ event_id: 'bad', reason: 'warehouse_rejected', replay_topic: TOPICS.enriched }],
    });
    expect(result.failed?.[0]?.message).toBe('BigQuery refused the row for events: out of range');
    expect(FailedEvent.safeParse(result.failed?.[0]).success).toBe(true);
  });

  test('a failed event that is refused is logged with its ids and left to redelivery', async () => {
    const { routes, rows } = setUp(['f2']);
    const { context, lines } = batchContext(TOPICS.failed);
    const batch = [failedEvent({ failed_id: 'f1' }), failedEvent({ failed_id: 'f2', event_id: 'e2' })];
    await expect(routes.failed.handle(batch, context)).rejects.toThrow(TransientError);
    expect(rows(TABLES.failed)).toHaveLength(1);
    expect(lines).toMatchObject([
      { severity: 'ERROR', failed_ids: ['f2'], event_ids: ['e2'], reasons: ['out of range'] },
    ]);
  });

  describe('payloads that are too long for a row', () => {
    test('are kept whole elsewhere, and the row refers to them', async () => {
      const { routes, rows, kept } = setUp();
      const payload = 'x'.repeat(LIMITS.failedPayload + 1);
      await routes.failed.handle([failedEvent({ payload })], batchContext(TOPICS.failed).context);
      expect(kept.get('failed-1')).toBe(payload);
      expect(rows(TABLES.failed)).toEqual([
        failedEvent({
          payload: payload.slice(0, -1),
          payload_truncated: true,
          payload_uri: 'gs://quarantine/failed-1',
        }),
      ]);
    });

    test('have no reference where no message held them whole', async () => {
      const { routes, rows, kept } = setUp();
      const failed = failedEvent({ payload: 'x'.repeat(LIMITS.failedPayload + 1), payload_truncated: true });
      await routes.failed.handle([failed], batchContext(TOPICS.failed).context);
      expect(kept.size).toBe(0);
      expect(rows(TABLES.failed)[0]).not.toHaveProperty('payload_uri');
    });
  });

  describe('dead letters', () => {
    test.each([
      {
        name: 'our own subscription names function and topic',
        subscription: 'recommend--clickstream-enriched',
        payload: enrichedEvent(),
        expected: { function: 'recommend', replay_topic: TOPICS.enriched, event_id: 'event-1' },
      },
      {
        name: 'Eventarc’s subscription of a function’s own trigger names it too',
        subscription: 'eventarc-europe-west1-recommend-123456-sub-042',
        payload: { no: 'event' },
        expected: { function: 'recommend', replay_topic: TOPICS.enriched },
      },
      {
        name: 'so does that of a trigger that was added',
        subscription: 'eventarc-europe-west1-warehouse--recommendations-sub-042',
        payload: { no: 'event' },
        expected: { function: 'warehouse', replay_topic: TOPICS.recommendations },
      },
      {
        name: 'a name of Eventarc’s: the form tells the topic',
        subscription: 'eventarc-europe-west1-trigger-x1-sub-042',
        payload: enrichedEvent(),
        expected: { function: 'eventarc-europe-west1-trigger-x1-sub-042', replay_topic: TOPICS.enriched },
      },
      {
        name: 'a raw event',
        subscription: 'enrich--clickstream-raw',
        payload: { event_id: 'r1', collector: { received_at: '2026-11-21T11:00:00Z' } },
        expected: {
          function: 'enrich',
          replay_topic: TOPICS.raw,
          event_id: 'r1',
          received_at: '2026-11-21T11:00:00Z',
        },
      },
      {
        name: 'something that is no event',
        subscription: 'enrich--clickstream-raw',
        payload: 'text',
        expected: { replay_topic: TOPICS.raw, payload: 'text' },
      },
    ])('$name', async ({ subscription, payload, expected }) => {
      const { routes, rows } = setUp();
      const { context } = deadLetter(`projects/p/subscriptions/${subscription}`);
      await routes.deadLetters.handle([payload], context);
      const [row] = rows(TABLES.failed);
      expect(FailedEvent.parse(row)).toEqual(row);
      expect(row).toMatchObject({ ...expected, reason: 'dead_letter', attempts: 20 });
      expect((row as FailedEvent).message).toContain(`${subscription} gave up after 20 deliveries`);
    });

    test('a failed event keeps its own reason', async () => {
      const { routes, rows } = setUp();
      await routes.deadLetters.handle([failedEvent()], deadLetter('warehouse--failed-events').context);
      expect(rows(TABLES.failed)).toEqual([failedEvent({ attempts: 20 })]);
    });

    test('of a replay points to the first failure and counts the deliveries before', async () => {
      const { routes, rows } = setUp();
      const first = deadLetter('warehouse--clickstream-enriched').context;
      const attributes = replayAttributes({ replayId: 'run-1', replayOf: 'failed-0', attempts: 20 });
      const second = { ...first, attributes: { ...first.attributes, ...attributes } };
      for (const context of [first, second]) await routes.deadLetters.handle([enrichedEvent()], context);
      const [before, after] = rows(TABLES.failed) as FailedEvent[];
      expect(after).toMatchObject({ replay_id: 'run-1', replay_of: 'failed-0', attempts: 40 });
      expect(after?.failed_id).not.toBe(before?.failed_id);
    });

    test('the same event given up by two functions makes two rows', async () => {
      const { routes, rows } = setUp();
      for (const name of ['warehouse', 'recommend']) {
        await routes.deadLetters.handle(
          [enrichedEvent()],
          deadLetter(`${name}--clickstream-enriched`).context,
        );
      }
      expect(new Set(rows(TABLES.failed).map((row) => (row as FailedEvent).failed_id)).size).toBe(2);
    });
  });
});
