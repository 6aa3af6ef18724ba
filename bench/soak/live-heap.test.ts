import { describe, expect, test } from 'vitest';
import { liveHeapOf } from './live-heap.ts';

const line = { function: 'enrich', severity: 'DEBUG', message: 'live heap' };

describe('liveHeapOf', () => {
  test('reads the figure of a line that tells it', () => {
    expect(liveHeapOf({ ...line, entry: { live_mb: 47.5 } })).toBe(47.5);
  });

  test('passes over every other line', () => {
    expect(liveHeapOf({ ...line, message: 'handled', entry: { live_mb: 1 } })).toBeUndefined();
  });
});
