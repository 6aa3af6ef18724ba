import { describe, expect, test } from 'vitest';
import { NativeEvent } from '../../shared/events.ts';
import { ALL, allowed, namesOf } from './fixtures.ts';
import { MOST_EVENTS } from './tracker.ts';

describe('sending', () => {
  test('what happens in one go is one request, which the collector takes', () => {
    const { tracker, requests, elapse } = allowed();
    tracker.track('page_view');
    tracker.track('view_item', { items: [{ item_id: 'sku-1', price: 9.9 }], recommendation_id: 'r-1' });
    expect(requests).toHaveLength(0);
    expect(elapse()).toBe(0);
    expect(requests).toHaveLength(1);
    const sent = requests[0]?.sent;
    expect(sent).toMatchObject({ writeKey: 'key', sent_at: '2026-01-01T00:00:00.000Z' });
    expect(sent?.events[1]).toEqual({
      event_id: 'event-1',
      event_time: '2026-01-01T00:00:00.000Z',
      event_name: 'view_item',
      anonymous_id: 'browser-7',
      consent: ALL,
      page: { url: 'https://shop.example/' },
      items: [{ item_id: 'sku-1', price: 9.9 }],
      recommendation_id: 'r-1',
    });
    for (const event of sent?.events ?? []) expect(NativeEvent.safeParse(event).success).toBe(true);
  });

  test('flush sends at once, and nothing is left for later', () => {
    const { tracker, requests, elapse } = allowed();
    tracker.track('a');
    tracker.flush();
    expect(requests.map(({ sent }) => namesOf(sent))).toEqual([['a']]);
    expect(elapse()).toBeUndefined();
  });

  test('what comes during a request shares the next one', async () => {
    const { tracker, requests, elapse } = allowed();
    tracker.track('a');
    elapse();
    tracker.track('b');
    elapse();
    tracker.track('c');
    elapse();
    expect(requests).toHaveLength(1);
    await requests[0]?.answer(200);
    expect(requests.map(({ sent }) => namesOf(sent))).toEqual([['a'], ['b', 'c']]);
    await requests[1]?.answer(200);
    expect(tracker.pending()).toBe(0);
  });

  test.each([0, 408, 429, 500, 503])(
    'a status of %i: the same events again, later and later',
    async (status) => {
      const { tracker, requests, elapse } = allowed();
      tracker.track('a');
      elapse();
      const waits: unknown[] = [];
      for (let round = 0; round < 8; round += 1) {
        await requests.at(-1)?.answer(status);
        waits.push(elapse());
      }
      expect(waits).toEqual([1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000]);
      expect(new Set(requests.map(({ sent }) => sent.events[0]?.event_id))).toEqual(new Set(['event-0']));
      await requests.at(-1)?.answer(200);
      expect(tracker.pending()).toBe(0);
    },
  );

  test('a request is as large in bytes as may outlive its page, whatever the script', async () => {
    const { tracker, requests, elapse } = allowed();
    for (let index = 0; index < 40; index += 1)
      tracker.track('view_item', { properties: { title: '椅'.repeat(1000) } });
    elapse();
    for (let answered = 0; answered < requests.length; answered += 1) await requests[answered]?.answer(200);
    expect(tracker.pending()).toBe(0);
    const sizes = requests.map(({ sent }) => Buffer.byteLength(JSON.stringify(sent)));
    expect(Math.max(...sizes)).toBeLessThan(65_536);
    expect(requests.flatMap(({ sent }) => sent.events)).toHaveLength(40);
  });

  test('Retry-After is kept', async () => {
    const { tracker, requests, elapse } = allowed();
    tracker.track('a');
    elapse();
    await requests[0]?.answer(503, 30_000);
    expect(elapse()).toBe(30_000);
  });

  test.each([400, 401, 403, 413])(
    'a status of %i: those events are given up, the next are sent',
    async (status) => {
      const { tracker, requests, elapse } = allowed();
      tracker.track('a');
      elapse();
      tracker.track('b');
      await requests[0]?.answer(status);
      expect(requests.map(({ sent }) => namesOf(sent))).toEqual([['a'], ['b']]);
    },
  );

  test('no request is larger than what may outlive its page', async () => {
    const { tracker, requests, elapse } = allowed();
    for (let index = 0; index < 12; index += 1)
      tracker.track('a', { properties: { text: 'x'.repeat(20_000) } });
    elapse();
    for (let at = 0; tracker.pending() > 0; at += 1) {
      expect(JSON.stringify(requests[at]?.sent).length).toBeLessThanOrEqual(60_000);
      await requests[at]?.answer(200);
    }
    expect(requests.flatMap(({ sent }) => sent.events)).toHaveLength(12);
  });
});

describe('leaving', () => {
  test('what waits is handed to the browser; what is on its way is not sent twice', () => {
    const { tracker, beacons, elapse } = allowed();
    tracker.track('a');
    elapse();
    tracker.track('b');
    tracker.leave();
    expect(beacons.map(namesOf)).toEqual([['b']]);
    tracker.leave();
    expect(beacons).toHaveLength(1);
  });

  test('what the browser does not take, and what was on its way, is sent on the next page', async () => {
    const { tracker, memory, elapse, refuseBeacons } = allowed();
    refuseBeacons();
    tracker.track('a');
    elapse();
    tracker.track('b');
    tracker.leave();
    const next = allowed({ memory, first: 10 });
    expect(next.requests.map(({ sent }) => namesOf(sent))).toEqual([['a', 'b']]);
    await next.requests[0]?.answer(200);
    expect(memory.kept.size).toBe(0);
  });

  test('without a network nothing is given to a beacon', async () => {
    const { tracker, requests, beacons, memory, elapse } = allowed();
    tracker.track('a');
    elapse();
    await requests[0]?.answer(0);
    tracker.track('b');
    tracker.leave();
    expect(beacons).toEqual([]);
    expect(
      namesOf(allowed({ memory }).requests[0]?.sent ?? { writeKey: '', sent_at: '', events: [] }),
    ).toEqual(['a', 'b']);
  });

  test('the newest are kept, so many and no more', async () => {
    const { tracker, requests, memory, elapse } = allowed();
    tracker.track('first');
    elapse();
    await requests[0]?.answer(0);
    for (let index = 0; index < MOST_EVENTS + 50; index += 1) tracker.track(`event ${index}`);
    expect(tracker.pending()).toBe(MOST_EVENTS);
    const kept = JSON.parse([...memory.kept.values()][0] ?? '[]') as NativeEvent[];
    expect(kept).toHaveLength(MOST_EVENTS);
    expect(kept.at(-1)?.event_name).toBe(`event ${MOST_EVENTS + 49}`);
  });

  test('a network that is back is used at once', async () => {
    const { tracker, requests, elapse } = allowed();
    tracker.track('a');
    elapse();
    await requests[0]?.answer(0);
    tracker.wake();
    expect(requests.map(({ sent }) => namesOf(sent))).toEqual([['a'], ['a']]);
  });
});
