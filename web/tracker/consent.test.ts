import { describe, expect, test } from 'vitest';
import { ALL, allowed, namesOf, rig, VISITOR } from './fixtures.ts';

describe('consent', () => {
  test('until it is asked for nothing leaves the page or is kept', () => {
    const { tracker, requests, beacons, memory, elapse } = rig();
    tracker.identify(VISITOR);
    tracker.track('a');
    elapse();
    tracker.leave();
    expect([requests.length, beacons.length, memory.kept.size]).toEqual([0, 0, 0]);
    tracker.choose(ALL);
    expect(requests.map(({ sent }) => namesOf(sent))).toEqual([['a']]);
  });

  test('refused: what waited is forgotten, what comes is not noted', async () => {
    const { tracker, requests, memory, elapse } = allowed();
    tracker.track('a');
    elapse();
    await requests[0]?.answer(0);
    expect(memory.kept.size).toBe(1);
    tracker.choose({ analytics: false, personalization: false });
    expect([tracker.pending(), memory.kept.size]).toEqual([0, 0]);
    tracker.track('b');
    elapse();
    tracker.leave();
    expect([requests.length, tracker.pending(), memory.kept.size]).toEqual([1, 0, 0]);
  });

  test('events say what was allowed when they were sent', () => {
    const { tracker, requests, elapse } = rig();
    tracker.identify(VISITOR);
    tracker.choose({ analytics: true, personalization: false });
    tracker.track('a');
    elapse();
    expect(requests[0]?.sent.events[0]?.consent).toEqual({ analytics: true, personalization: false });
  });

  test('events wait for a visitor, and stay with the one they were of', async () => {
    const { tracker, requests, elapse } = rig();
    tracker.choose(ALL);
    tracker.track('a');
    elapse();
    expect(requests).toHaveLength(0);
    tracker.identify(VISITOR);
    tracker.track('b');
    tracker.identify({ anonymous_id: 'browser-8', user_id: 'ann' });
    tracker.track('c');
    await requests[0]?.answer(200);
    const sent = requests.flatMap(({ sent: { events } }) => events);
    expect(sent.map(({ event_name, anonymous_id, user_id }) => [event_name, anonymous_id, user_id])).toEqual([
      ['a', 'browser-7', undefined],
      ['b', 'browser-7', undefined],
      ['c', 'browser-8', 'ann'],
    ]);
  });
});
