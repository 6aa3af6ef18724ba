import { expect, it } from 'vitest';
import { makeCaseReport } from './case-report.ts';

const result = (length: number, place: number, milliseconds = 1) => ({
  length,
  place,
  known: place >= 0,
  milliseconds,
});

it('tells quality by the length of the session, and leaves out lengths that no case has', () => {
  const report = makeCaseReport();
  for (const each of [result(1, 0), result(1, -1), result(4, 3), result(5, 1), result(200, 19)])
    report.add(each);
  expect(report.report().by_length).toEqual([
    { clicks: '1', cases: 2, hr20: 0.5, mrr20: 0.5 },
    { clicks: '4–5', cases: 2, hr20: 1, mrr20: (1 / 4 + 1 / 2) / 2 },
    { clicks: '20+', cases: 1, hr20: 1, mrr20: 1 / 20 },
  ]);
});

it('counts sessions without a known click in no length, but in the latency', () => {
  const report = makeCaseReport();
  report.add(result(0, 2, 8));
  expect(report.report()).toEqual({
    known_share: 1,
    by_length: [],
    latency_ms: { p50: 8, p90: 8, p99: 8 },
  });
});

it('tells how many next items the model knows', () => {
  const report = makeCaseReport();
  for (const place of [0, -1, 3, 4]) report.add(result(1, place));
  expect(report.report().known_share).toBe(0.75);
});
