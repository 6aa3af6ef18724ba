import { expect, test } from 'vitest';
import { ForgetRequest } from '../../shared/events.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { batchContext } from '../warehouse/fixtures.ts';
import type { Subject } from './forget.ts';
import { makeForgetRoute } from './forget-route.ts';

function setUp() {
  const asked: [Subject, string | undefined][] = [];
  const route = makeForgetRoute({
    forget: async (subject, until = '') => {
      asked.push([subject, until]);
      return { forgotten_at: until, keys: 2, removed: { bigquery_events: 3 }, left: [], sweep_after: until };
    },
    sweep: async () => 4,
  });
  return { route, asked, ...batchContext(TOPICS.forgetRequests) };
}
const requests = (...all: readonly object[]) => all.map((each) => ForgetRequest.parse(each));

test('forgets users and devices until the message was published, whenever it is delivered', async () => {
  const { route, asked, context, lines } = setUp();
  const given = '2026-11-01T12:00:00+01:00';
  const all = requests({ user_id: 'ada' }, { anonymous_id: 'phone', forgotten_at: given });
  expect(await route.handle(all, context)).toEqual({ out: 2 });
  expect(asked).toEqual([
    [{ userId: 'ada' }, context.publishTime],
    [{ anonymousId: 'phone' }, '2026-11-01T11:00:00.000Z'],
  ]);
  expect(lines).toMatchObject([{ removed: { bigquery_events: 3 } }, { keys: 2 }]);
  expect(JSON.stringify(lines)).not.toContain('ada');
});

test('sweeps', async () => {
  const { route, asked, context } = setUp();
  expect(await route.handle(requests({ sweep: true }), context)).toEqual({ out: 4 });
  expect(asked).toEqual([]);
});

test.each([{}, { sweep: false }, { user_id: '' }, { user_id: 7 }])('%j is no request', (request) => {
  expect(ForgetRequest.safeParse(request).success).toBe(false);
});
