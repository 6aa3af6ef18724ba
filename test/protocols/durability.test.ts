import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { PROTOCOLS } from '../../functions/ingest/protocols/protocols.ts';
import { type Answer, accept, closeFakePubSubs, refuse } from '../helpers/fake-pubsub.ts';
import { endServedFunctions } from '../helpers/serve-function.ts';
import { startCollector, type TestCollector } from './collector.ts';
import { CASES } from './requests.ts';

let collector: TestCollector;

beforeAll(async () => {
  collector = await startCollector({ ACK_TIMEOUT_MS: '300' });
});
afterEach(() => {
  collector.answer(accept);
  collector.clear();
});
afterAll(() => {
  endServedFunctions();
  closeFakePubSubs();
});

/** Takes what goes to `clickstream-raw`, refuses what goes to `failed-events`. */
const inPart: Answer = (request, callback) =>
  (request.topic.endsWith('/failed-events') ? refuse(status.PERMISSION_DENIED) : accept)(request, callback);

/** Says nothing until it is released, and then acknowledges late. */
function late(): { readonly answer: Answer; release(): void } {
  const held: (() => void)[] = [];
  return {
    answer: (request, callback) => {
      held.push(() => accept(request, callback));
    },
    release: () => {
      for (const acknowledge of held.splice(0)) acknowledge();
    },
  };
}

test('every protocol has its case', () => {
  expect(CASES.map(({ protocol }) => protocol)).toEqual(PROTOCOLS.map(({ name }) => name));
});

describe.each(CASES)('$protocol', (each) => {
  const send = (body: string) => fetch(`${collector.url}${each.path}`, { method: 'POST', body });
  const ids = () => ({
    accepted: collector.acknowledged().map(({ event_id }) => event_id),
    failed: collector.failed().map(({ failed_id }) => failed_id),
  });

  test('success means that each event is on a topic, accepted or failed; again means the same ids', async () => {
    expect((await send(each.partlyBad)).status).toBe(each.success);
    const first = ids();
    expect(first).toEqual({ accepted: [expect.any(String)], failed: [expect.any(String)] });
    expect(collector.failed()).toMatchObject([
      { reason: 'invalid_event', replay_topic: 'clickstream-inbox' },
    ]);
    collector.clear();
    await send(each.partlyBad);
    expect(ids()).toEqual(first);
  });

  test.each([
    { name: 'refuses', answer: refuse(status.PERMISSION_DENIED) },
    { name: 'takes a part only', answer: inPart },
  ])('Pub/Sub $name: the client is told to come again, and then adds nothing twice', async ({ answer }) => {
    collector.answer(answer);
    const refused = await send(each.partlyBad);
    expect(refused.status).toBe(each.again);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    const already = ids();
    collector.answer(accept);
    collector.clear();
    expect((await send(each.partlyBad)).status).toBe(each.success);
    const complete = ids();
    expect([complete.accepted.length, complete.failed.length]).toEqual([1, 1]);
    expect(complete.accepted).toEqual(expect.arrayContaining(already.accepted));
  });

  test('Pub/Sub is slow: the client is told to come again; what is acknowledged late has the same ids', async () => {
    const { answer, release } = late();
    collector.answer(answer);
    expect((await send(each.partlyBad)).status).toBe(each.again);
    collector.answer(accept);
    release();
    expect((await send(each.partlyBad)).status).toBe(each.success);
    const { accepted, failed } = ids();
    expect([accepted.length, failed.length]).toEqual([2, 2]);
    expect([new Set(accepted).size, new Set(failed).size]).toEqual([1, 1]);
  });
});
