import { expect, test } from 'vitest';
import type { FunctionLine } from '../functions.ts';
import { makeStats } from './stats.ts';

const line = (name: string, metric: Record<string, unknown>): FunctionLine => ({
  function: name,
  severity: 'INFO',
  message: 'handled',
  metric,
});

test('adds up what functions log, and forgets rates after the window', () => {
  let now = 1_000_000;
  const stats = makeStats(() => now);
  stats.observe(line('enrich', { in: 10, out: 9, failed: 1, duration_ms: 40 }));
  stats.observe(line('enrich', { in: 20, out: 20, failed: 0, duration_ms: 60 }));

  now += 1000;
  const stage = stats.stage('enrich');
  expect([stage.in, stage.out, stage.failed, stage.rate]).toEqual([30, 29, 1, 6]);
  expect(stage.duration.percentile(50)).toBe(40);
  now += 6000;
  expect(stats.stage('enrich').rate).toBe(0);
});

test('a redelivery is trouble, and no sample of the duration', () => {
  let now = 5000;
  const stats = makeStats(() => now);
  expect(stats.lastTrouble()).toBe(0);
  now = 6000;
  stats.observe(line('push', { redeliver: 1, duration_ms: 9 }));
  expect(stats.lastTrouble()).toBe(6000);
  expect(stats.stage('push').redelivered).toBe(1);
  expect(stats.stage('push').duration.size).toBe(0);
});

test('collects latencies from end to end; a hostile figure counts as nothing', () => {
  const stats = makeStats(() => 0);
  stats.observe(line('push', { in: 'many', end_to_end_ms: [30, 10, 20] }));
  expect(stats.endToEnd.percentile(50)).toBe(20);
  expect(stats.endToEnd.percentile(99)).toBe(30);
  expect(stats.stage('push').in).toBe(0);
});
