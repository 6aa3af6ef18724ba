import { describe, expect, test } from 'vitest';
import { makeLogger } from '../../shared/log.ts';
import { makeMeter, type Observation } from './meter.ts';

function setUp() {
  const lines: { message: string; metric: Record<string, number> }[] = [];
  let now = 0;
  const log = makeLogger({ write: (line) => lines.push(JSON.parse(line)), clock: () => now });
  return {
    lines,
    meter: makeMeter(log, () => now),
    at: (ms: number) => {
      now = ms;
    },
  };
}

const seen: Observation = { in: 3, out: 2, failed: 1, status: 200, durationMs: 10 };

describe('makeMeter', () => {
  test('sums a second up in one line', () => {
    const { meter, lines, at } = setUp();
    meter.observe(seen);
    meter.observe({ ...seen, durationMs: 20 });
    meter.observe({ in: 0, out: 0, failed: 0, status: 401, durationMs: 0 });
    expect(lines).toEqual([]);
    at(1_000);
    meter.observe({ in: 0, out: 0, failed: 0, status: 503, durationMs: 30 });
    expect(lines.map(({ message, metric }) => ({ message, metric }))).toEqual([
      {
        message: 'handled',
        metric: {
          in: 6,
          out: 4,
          failed: 2,
          requests: 4,
          refused: 1,
          errors: 1,
          duration_ms: 15,
          duration_max_ms: 30,
        },
      },
    ]);
  });

  test('flush logs the rest, and nothing where there is nothing', () => {
    const { meter, lines } = setUp();
    meter.flush();
    meter.observe(seen);
    meter.flush();
    meter.flush();
    expect(lines.map(({ metric }) => metric.requests)).toEqual([1]);
  });
});
