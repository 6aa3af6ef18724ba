import { describe, expect, test } from 'vitest';
import { FaultSettings } from '../../emulators/faults/fault.ts';
import { planStorm } from './storm-plan.ts';

describe('a storm', () => {
  const plan = planStorm(42, 60);
  const faults = plan.flatMap((gust) => (gust.kind === 'faults' ? [gust] : []));

  test('is the same for the same seed, and another for another', () => {
    expect(planStorm(42, 60)).toEqual(plan);
    expect(planStorm(43, 60)).not.toEqual(plan);
  });

  test('comes in order of time, ends functions in both ways, and strikes every service', () => {
    expect(plan.map(({ atMs }) => atMs)).toEqual(plan.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    const ends = plan.flatMap((gust) => (gust.kind === 'end' ? [gust.signal] : []));
    expect(new Set(ends)).toEqual(new Set(['SIGKILL', 'SIGTERM']));
    expect(ends.length).toBeGreaterThan(10);
    for (const emulator of ['pubsub', 'firestore', 'bigquery', 'vertex', 'storage', 'fcm']) {
      const suffered = faults.filter((gust) => gust.emulator === emulator).flatMap((gust) => gust.faults);
      expect(suffered.length).toBeGreaterThan(3);
      expect(FaultSettings.parse(suffered)).toEqual(suffered);
    }
  });

  test('leaves every service healed', () => {
    const last = new Map(faults.map((gust) => [gust.emulator, gust.faults]));
    expect([...last.values()]).toEqual([[], [], [], [], [], []]);
    expect(Math.max(...plan.map(({ atMs }) => atMs))).toBe(60_000);
  });
});
