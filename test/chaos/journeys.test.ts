import { describe, expect, test } from 'vitest';
import { NativeEvent } from '../../shared/events.ts';
import { makeJourneys } from './journeys.ts';

describe('journeys', () => {
  const end = Date.UTC(2026, 10, 21, 12);
  const { steps, skewed, visitors } = makeJourneys({ seed: 5, events: 3000, end });

  test('are the same for the same seed, with ids of their own', () => {
    expect(makeJourneys({ seed: 5, events: 3000, end }).steps).toEqual(steps);
    expect(new Set(steps.map(({ event }) => event.event_id)).size).toBe(3000);
    expect(visitors.length).toBeGreaterThan(200);
  });

  test('hold events of every fate, and those that are to fail are the invalid ones', () => {
    for (const { event, fate } of steps) {
      expect(NativeEvent.safeParse(event).success).toBe(fate !== 'failed');
    }
    const shares = Object.groupBy(steps, ({ fate }) => fate);
    expect(shares.failed?.length).toBeGreaterThan(20);
    expect(shares.consent_dropped?.length).toBeGreaterThan(40);
    expect(steps.some(({ event }) => 'user_id' in event)).toBe(true);
  });

  test('come by file for some visitors with right clocks, all of what they did', () => {
    const visitorsOf = (byFile: boolean) =>
      new Set(steps.filter((step) => step.byFile === byFile).map(({ event }) => event.anonymous_id));
    expect(visitorsOf(true).size).toBeGreaterThan(10);
    expect(visitorsOf(true).isDisjointFrom(visitorsOf(false))).toBe(true);
    expect(steps.filter(({ byFile, skewMs }) => byFile && skewMs !== 0)).toEqual([]);
  });

  test('happened in the hour before the end, but for clocks that are wrong', () => {
    for (const { event, skewMs } of steps) {
      const at = Date.parse(String(event.event_time)) - skewMs;
      expect(at).toBeLessThanOrEqual(end);
      expect(at).toBeGreaterThanOrEqual(end - 3_600_000);
      expect(skewed.has(event.event_id)).toBe(skewMs !== 0);
    }
    expect(skewed.size).toBeGreaterThan(100);
  });
});
