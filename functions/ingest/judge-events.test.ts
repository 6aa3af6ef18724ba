import { describe, expect, test } from 'vitest';
import type { Collector } from '../../shared/events.ts';
import { judgeEvents } from './judge-events.ts';

const collector: Collector = { received_at: '2026-11-21T00:00:00.000Z', protocol: 'native', origin: 'live' };
const context = { scope: 'k1', collector, totalBytes: 0 };
const click = { event_name: 'view_item', anonymous_id: 'a', items: [{ item_id: '1' }] };

function idsOf(events: readonly unknown[], scope = 'k1'): string[] {
  return judgeEvents(events, { ...context, scope }).map((verdict) =>
    verdict.status === 'accepted' ? verdict.event.event_id : verdict.message,
  );
}

describe('judgeEvents', () => {
  test('keeps the id and the time of the client', () => {
    const event = { ...click, event_id: 'e1', event_time: '2026-11-20T12:00:00+01:00' };
    expect(judgeEvents([event], context)).toEqual([{ status: 'accepted', event: { ...event, collector } }]);
  });

  test('fills in the time of receipt, and an id that does not depend on it', () => {
    const [now] = judgeEvents([click], context);
    const later = { ...context, collector: { ...collector, received_at: '2026-11-21T00:01:00.000Z' } };
    const [again] = judgeEvents([{ ...click }], later);
    expect(now).toMatchObject({ event: { event_time: collector.received_at } });
    expect(again).toMatchObject({ event: { event_time: '2026-11-21T00:01:00.000Z' } });
    expect(now?.status === 'accepted' && again?.status === 'accepted' && again.event.event_id).toBe(
      now?.status === 'accepted' ? now.event.event_id : undefined,
    );
  });

  test('derived ids: equal by content in any order of keys, different by content, key and place among equals', () => {
    const [id = ''] = idsOf([click]);
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(idsOf([{ items: [{ item_id: '1' }], anonymous_id: 'a', event_name: 'view_item' }])).toEqual([id]);
    expect(idsOf([click], 'k2')).not.toEqual([id]);
    expect(idsOf([{ ...click, anonymous_id: 'b' }])).not.toEqual([id]);
    const twice = idsOf([click, click, click]);
    expect(twice[0]).toBe(id);
    expect(new Set(twice).size).toBe(3);
    expect(idsOf([click, click, click])).toEqual(twice);
  });

  const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`) as unknown;
  test.each([
    { name: 'no object', event: 7, path: '', says: 'expected object' },
    { name: 'null', event: null, path: '', says: 'expected object' },
    { name: 'nobody', event: { event_name: 'x' }, path: 'anonymous_id', says: 'is required' },
    { name: 'no name', event: { user_id: 'u' }, path: 'event_name', says: 'expected string' },
    {
      name: 'a bad price',
      event: { ...click, items: [{ item_id: '1', price: '9' }] },
      path: 'items.0.price',
      says: 'expected number',
    },
    {
      name: 'a time that is none',
      event: { ...click, event_time: 'timestamp_s' },
      path: 'event_time',
      says: 'datetime',
    },
    { name: 'infinity', event: { ...click, value: Number.POSITIVE_INFINITY }, path: 'value', says: 'value' },
    { name: 'depth', event: { ...click, properties: { deep } }, path: '', says: 'nests deeper than' },
  ])('rejects $name, and keeps the payload', ({ event, path, says }) => {
    const [verdict, other] = judgeEvents([event, click], context);
    expect(verdict).toMatchObject({ status: 'rejected', reason: 'invalid_event', path });
    expect(verdict?.status === 'rejected' && verdict.message).toContain(says);
    expect(verdict?.status === 'rejected' && verdict.payload).toBe(event);
    expect(other?.status).toBe('accepted');
  });

  test('equal rejected events are as many failures, and a request sent again repeats them', () => {
    const bad = { event_name: 'x', items: 7 };
    const ids = () =>
      judgeEvents([bad, { ...bad }], context).map((each) => each.status === 'rejected' && each.eventId);
    const first = ids();
    expect(new Set(first).size).toBe(2);
    expect(ids()).toEqual(first);
  });

  test('an event that its protocol could not read is rejected in the words of the protocol', () => {
    const faults = new Map([[0, { path: 'ue_px', message: 'ue_px: is not JSON' }]]);
    expect(judgeEvents([{ ue_px: '!' }, click], { ...context, faults })).toMatchObject([
      { status: 'rejected', path: 'ue_px', message: 'ue_px: is not JSON', payload: { ue_px: '!' } },
      { status: 'accepted' },
    ]);
  });

  test('rejects an event beyond the bytes of one, not its neighbours', () => {
    const large = { ...click, properties: { text: 'ü'.repeat(20_000) } };
    const verdicts = judgeEvents([large, click], { ...context, totalBytes: 40_200 });
    expect(verdicts).toMatchObject([{ status: 'rejected', reason: 'too_large' }, { status: 'accepted' }]);
  });
});
