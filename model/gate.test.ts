import { expect, it } from 'vitest';
import { gate } from './gate.ts';
import type { Metrics } from './manifest.ts';

const metrics = (hr20: number, mrr20: number, rest: Partial<Metrics> = {}): Metrics => ({
  cases: 1000,
  hr20,
  mrr20,
  hr20_excluding_current: hr20,
  mrr20_excluding_current: mrr20,
  coverage: 0.5,
  popularity_bias: 0.7,
  ...rest,
});
const live = metrics(0.5, 0.25);
const popularity = metrics(0.1, 0.03);

it.each([
  {
    name: 'the first model',
    contest: { candidate: metrics(0.3, 0.1), live: undefined, popularity },
    passes: true,
    says: /no live model/,
  },
  {
    name: 'a better model',
    contest: { candidate: metrics(0.51, 0.26), live, popularity },
    passes: true,
    says: /passes/,
  },
  {
    name: 'a loss within the margin',
    contest: { candidate: metrics(0.491, 0.246), live, popularity },
    passes: true,
    says: /passes/,
  },
  {
    name: 'a loss in HR',
    contest: { candidate: metrics(0.48, 0.26), live, popularity },
    passes: false,
    says: /^HR@20 0\.4800 is below 0\.4900/,
  },
  {
    name: 'a loss in MRR',
    contest: { candidate: metrics(0.5, 0.2), live, popularity },
    passes: false,
    says: /^MRR@20/,
  },
  {
    name: 'less than popularity',
    contest: { candidate: metrics(0.05, 0.03), live: undefined, popularity },
    passes: false,
    says: /popularity/,
  },
  {
    name: 'lists of few items',
    contest: { candidate: metrics(0.5, 0.25, { coverage: 0.01 }), live, popularity },
    passes: false,
    says: /1\.0 % of the items/,
  },
  {
    name: 'too few cases',
    contest: { candidate: metrics(0, 0, { cases: 10 }), live, popularity },
    passes: true,
    says: /unjudged/,
  },
])('$name: passes $passes', ({ contest, passes, says }) => {
  const verdict = gate(contest);
  expect(verdict.passes).toBe(passes);
  expect(verdict.report.join('\n')).toMatch(says);
});
