import { beforeEach, expect, test } from 'vitest';
import { makeVirtualScheduler, type VirtualScheduler } from '../../../test/helpers/virtual-scheduler.ts';
import type { Backend } from '../backend.ts';
import { subscriptionOf } from '../handlers/subscriptions.ts';
import { makeMemoryBackend } from '../memory/memory-backend.ts';
import { makeIdentity } from './identity.ts';
import type { Poster, PostOutcome } from './poster.ts';
import { makePushers } from './pushers.ts';

const TOPIC = 'projects/p/topics/clicks';
const SUB = 'projects/p/subscriptions/push';
const OK: PostOutcome = { status: 204 };
const REFUSED: PostOutcome = { failed: 'unreachable', reason: 'connect ECONNREFUSED' };

let scheduler: VirtualScheduler;
let backend: Backend;
/** Requests that wait for their answer, oldest first. */
let open: ((outcome: PostOutcome) => void)[];
let timeouts: number[];
beforeEach(() => {
  open = [];
  timeouts = [];
  scheduler = makeVirtualScheduler();
  const poster: Poster = {
    to: () => (_request, timeoutMs) => {
      timeouts.push(timeoutMs);
      return new Promise((resolve) => open.push(resolve));
    },
    close: () => undefined,
  };
  const pushers = makePushers({ poster, identity: makeIdentity(scheduler.now), scheduler });
  backend = makeMemoryBackend({
    scheduler,
    maxBytes: 100_000_000,
    onSubscription: pushers.subscriptionChanged,
    onSubscriptionGone: pushers.subscriptionGone,
  });
  backend.createTopic({ name: TOPIC, resource: {}, retentionMs: 0 });
});

const subscribe = (fields: object = {}): void => {
  const pushConfig = { pushEndpoint: 'http://127.0.0.1:1/' };
  backend.createSubscription(subscriptionOf({ name: SUB, topic: TOPIC, pushConfig, ...fields }, false));
};
const publish = (count: number): void => {
  const message = { data: Buffer.from('x'), attributes: {}, orderingKey: '' };
  backend.publish(
    TOPIC,
    Array.from({ length: count }, () => message),
  );
};
/** Lets promises that are settled be heard. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Answers all that is open after so much time, and says how many that were. */
async function answer(outcome: PostOutcome, afterMs = 1): Promise<number> {
  await settle();
  scheduler.pass(afterMs);
  const answered = open.splice(0);
  for (const resolve of answered) resolve(outcome);
  await settle();
  return answered.length;
}

test('the window begins small and doubles by each round of fast successes, up to a thousand', async () => {
  subscribe();
  publish(6_000);
  const rounds: number[] = [];
  for (let round = 0; round < 10; round += 1) rounds.push(await answer(OK, 10));
  expect(rounds).toEqual([4, 8, 16, 32, 64, 128, 256, 512, 1_000, 1_000]);
});

test('the window shrinks while answers take far longer than at first', async () => {
  subscribe();
  publish(6_000);
  for (let round = 0; round < 5; round += 1) await answer(OK, 10);
  const rounds: number[] = [];
  for (let round = 0; round < 6; round += 1) rounds.push(await answer(OK, 500));
  expect(rounds[0]).toBe(128);
  expect(rounds.at(-1)).toBeLessThan(10);
  expect(rounds.at(-1)).toBeGreaterThanOrEqual(4);
});

test('an endpoint that stays overloaded does not pass for a slow one', async () => {
  subscribe();
  publish(60_000);
  for (let round = 0; round < 5; round += 1) await answer(OK, 10);
  for (let round = 0; round < 100; round += 1) await answer(OK, 20 * open.length);
  expect(open.length).toBeLessThan(10);
});

test('a slow endpoint is not taken for an overloaded one', async () => {
  subscribe();
  publish(1_000);
  const rounds: number[] = [];
  for (let round = 0; round < 5; round += 1) rounds.push(await answer(OK, 3_000));
  expect(rounds).toEqual([4, 8, 16, 32, 64]);
});

test('an endpoint that is down is tried by one message after 100 ms, doubling to a second, and then at full rate', async () => {
  subscribe();
  publish(100);
  expect(await answer(REFUSED)).toBe(4);
  const waits: number[] = [];
  for (let attempt = 0; attempt < 6; attempt += 1) {
    let ms = 0;
    for (; open.length === 0; ms += 100) scheduler.pass(100);
    waits.push(ms);
    expect(open).toHaveLength(1);
    await answer(REFUSED, 0);
  }
  expect(waits).toEqual([100, 200, 400, 800, 1_000, 1_000]);
  scheduler.pass(1_000);
  const rounds: number[] = [];
  for (let round = 0; round < 6; round += 1) rounds.push(await answer(OK));
  expect(rounds).toEqual([1, 2, 4, 8, 16, 32]);
});

test('under a retry policy, a message that is refused by its handler waits alone', async () => {
  subscribe({ retryPolicy: { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 10 } } });
  publish(6);
  await settle();
  const [bad, ...good] = open.splice(0);
  bad?.({ status: 500 });
  for (const resolve of good) resolve(OK);
  await settle();
  expect(await answer(OK)).toBe(2);
  expect(backend.stats(SUB).backlog).toBe(1);
  expect(await answer(OK, 9_000)).toBe(0);
  scheduler.pass(1_000);
  expect(await answer(OK)).toBe(1);
  expect(backend.stats(SUB).backlog).toBe(0);
});

test('a push may take as long as the acknowledgement deadline', async () => {
  subscribe({ ackDeadlineSeconds: 60 });
  publish(1);
  await settle();
  expect(timeouts).toEqual([60_000]);
});

test('once the subscription is to be pulled, nothing more is pushed, and what is under way counts', async () => {
  subscribe();
  publish(10);
  await settle();
  const { resource } = backend.subscription(SUB);
  backend.updateSubscription(subscriptionOf({ ...resource, pushConfig: {} }, false));
  expect(await answer(OK)).toBe(4);
  expect(open).toEqual([]);
  expect(backend.stats(SUB)).toMatchObject({ backlog: 6, inFlight: 0 });
});
