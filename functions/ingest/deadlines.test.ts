import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { makeDeadlines } from './deadlines.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('calls what is late, in order, once, and not what was in time', () => {
  const called: string[] = [];
  const deadlines = makeDeadlines(100, () => Date.now());
  deadlines.watch(() => called.push('a'));
  vi.advanceTimersByTime(50);
  const inTime = deadlines.watch(() => called.push('b'));
  deadlines.watch(() => called.push('c'));
  vi.advanceTimersByTime(49);
  expect(called).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(called).toEqual(['a']);
  inTime();
  vi.advanceTimersByTime(1_000);
  expect(called).toEqual(['a', 'c']);
  expect(vi.getTimerCount()).toBe(0);
});

test('one timer, however many', () => {
  const deadlines = makeDeadlines(100, () => Date.now());
  for (let index = 0; index < 1_000; index += 1) deadlines.watch(() => undefined)();
  expect(vi.getTimerCount()).toBe(1);
});

test('of two that are late together, the first may still call off the second', () => {
  const called: string[] = [];
  const deadlines = makeDeadlines(100, () => Date.now());
  let callOff = (): void => undefined;
  deadlines.watch(() => {
    called.push('a');
    callOff();
  });
  callOff = deadlines.watch(() => called.push('b'));
  vi.advanceTimersByTime(1_000);
  expect(called).toEqual(['a']);
});
