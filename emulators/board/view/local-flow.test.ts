import { expect, test } from 'vitest';
import { FUNCTIONS } from '../../../shared/pipeline.ts';
import { makeStats } from '../stats.ts';
import { handledLine } from './fixtures.ts';
import { makeLocalFlow } from './local-flow.ts';

const QUEUE = { backlog: 3, oldestSeconds: 1, perSecond: 2, deadLettered: 0 };

test('every function has its figures; what nobody measured is null', async () => {
  const stats = makeStats();
  stats.observe(handledLine('enrich', 4, 'm1', 20));
  const { stages, screen } = await makeLocalFlow({ stats, queues: async () => ({}), clock: () => 7 }).read();
  expect(Object.keys(stages)).toEqual(FUNCTIONS.map(({ name }) => name));
  expect(stages.enrich).toMatchObject({ in: 4, out: 4, failed: 0, p50: 20, p95: 20 });
  expect(stages.push).toMatchObject({ in: 0, p50: null, p95: null });
  expect(screen).toEqual({ count: 0, p50: null, p95: null });
});

test('a slow Pub/Sub holds nothing up: its last figures stand until it answers, one question at a time', async () => {
  let answer: () => void = () => undefined;
  let asked = 0;
  const flow = makeLocalFlow({
    stats: makeStats(),
    queues: () => {
      asked += 1;
      return new Promise((resolve) => {
        answer = () => resolve({ 'enrich--clickstream-raw': QUEUE });
      });
    },
  });
  expect((await flow.read()).queues).toEqual({});
  expect((await flow.read()).queues).toEqual({});
  expect(asked).toBe(1);
  answer();
  await expect.poll(async () => (await flow.read()).queues).toEqual({ 'enrich--clickstream-raw': QUEUE });
  expect(asked).toBe(2);
});
