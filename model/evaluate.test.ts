import { expect, it } from 'vitest';
import { makeJudge } from './evaluate.ts';
import type { Ranker } from './ranker.ts';

/** Always lists 0, 1, 2 … 24. */
const inOrder: Ranker = {
  rank: () => ({
    ids: Uint32Array.from({ length: 25 }, (_, at) => at),
    scores: new Float32Array(25),
    size: 25,
  }),
};
const popular = Uint32Array.from({ length: 50 }, (_, at) => at);

it.each([
  { name: 'the first', current: 40, next: 0, hr: 1, mrr: 1, excluding: { hr: 1, mrr: 1 } },
  {
    name: 'the third, second without the current',
    current: 1,
    next: 2,
    hr: 1,
    mrr: 1 / 3,
    excluding: { hr: 1, mrr: 1 / 2 },
  },
  {
    name: 'the twenty-first, within 20 without the current',
    current: 3,
    next: 20,
    hr: 0,
    mrr: 0,
    excluding: { hr: 1, mrr: 1 / 20 },
  },
  {
    name: 'the current one, no case without it',
    current: 0,
    next: 0,
    hr: 1,
    mrr: 1,
    excluding: { hr: 0, mrr: 0 },
  },
  { name: 'not listed', current: 0, next: 30, hr: 0, mrr: 0, excluding: { hr: 0, mrr: 0 } },
  { name: 'unknown to the model', current: 0, next: -1, hr: 0, mrr: 0, excluding: { hr: 0, mrr: 0 } },
])('counts an item that is $name', ({ current, next, hr, mrr, excluding }) => {
  const judge = makeJudge({ popular }, inOrder);
  const place = judge.judge(Uint32Array.of(7, current), new Uint8Array(2), 2, next);
  expect(place).toBe(hr === 1 ? next : -1);
  const metrics = judge.metrics();
  expect(metrics).toMatchObject({ cases: 1, hr20: hr, coverage: 20 / 50 });
  expect(metrics.mrr20).toBeCloseTo(mrr, 9);
  expect(metrics.hr20_excluding_current).toBe(excluding.hr);
  expect(metrics.mrr20_excluding_current).toBeCloseTo(excluding.mrr, 9);
});

it('judges the popularity list where nothing comes before', () => {
  const judge = makeJudge({ popular: Uint32Array.of(5, 4) }, inOrder);
  judge.judge(new Uint32Array(0), new Uint8Array(0), 0, 4);
  expect(judge.metrics()).toMatchObject({ hr20: 1, mrr20: 0.5, coverage: 1 });
});
