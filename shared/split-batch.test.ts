import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PermanentError, TransientError } from './errors.ts';
import { handleInParts } from './split-batch.ts';

/** Handles numbers; those among `bad` raise the error. */
function handlerOf(bad: readonly number[], error: () => Error) {
  const calls: (readonly number[])[] = [];
  const handled = new Set<number>();
  return {
    calls,
    handled,
    handle: async (events: readonly number[]) => {
      calls.push(events);
      if (events.some((event) => bad.includes(event))) throw error();
      for (const event of events) handled.add(event);
      return { out: events.length, metrics: { ms: [events.length], count: events.length } };
    },
    giveUp: (event: number, { reason }: PermanentError) => `${event} ${reason}`,
  };
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
const refused = (): Error =>
  new TransientError('could not be written', { cause: Object.assign(new Error('too big'), { code: 3 }) });

describe('a batch that fails whenever it comes', () => {
  test.each([
    ['a permanent error', () => new PermanentError('invalid_event', 'never'), 'invalid_event'],
    ['a defect of ours', () => new TypeError('undefined is not a function'), 'internal'],
    ['what a service refuses as invalid', refused, 'internal'],
  ])('is split until the bad event is alone: %s', async (_what, error, reason) => {
    const handler = handlerOf([317], error);
    const result = await handleInParts(numbers(500), handler);
    expect(result.failed).toEqual([`317 ${reason}`]);
    expect(result.out).toBe(499);
    expect(handler.handled.size).toBe(499);
    expect(handler.calls.length).toBeLessThan(25);
    expect(result.metrics).toMatchObject({ count: 499 });
  });

  test('is left to redelivery where nothing of it succeeds: then it is no event that is at fault', async () => {
    const handler = handlerOf(numbers(8), refused);
    await expect(handleInParts(numbers(8), handler)).rejects.toThrow('could not be written');
    await expect(
      handleInParts(
        [1],
        handlerOf([1], () => new RangeError('x')),
      ),
    ).rejects.toThrow('x');
  });

  test('gives up every event where a permanent error strikes all', async () => {
    const handler = handlerOf(numbers(4), () => new PermanentError('file_rejected', 'no'));
    expect((await handleInParts(numbers(4), handler)).failed).toHaveLength(4);
  });

  test('keeps an event that succeeds at its second try alone', async () => {
    let failures = 0;
    const result = await handleInParts(numbers(4), {
      handle: async (events) => {
        if (events.includes(2) && failures++ < 3) throw new TypeError('for a while');
        return { out: events.length };
      },
      giveUp: (event) => event,
    });
    expect(result).toMatchObject({ out: 4, failed: [] });
  });
});

test.each([
  ['an outage', () => Object.assign(new Error('14 UNAVAILABLE'), { code: 14 })],
  ['an outage in our words', () => new TransientError('not now')],
  ['a broken connection', () => new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })],
  ['anything else', () => new Error('who knows')],
])('is not split for %s', async (_what, error) => {
  const handler = handlerOf([3], error);
  await expect(handleInParts(numbers(10), handler)).rejects.toThrow();
  expect(handler.calls).toHaveLength(1);
});

test('whatever is bad, the others are handled, and each bad event is given up once', async () => {
  const cases = fc.record({
    count: fc.integer({ min: 1, max: 60 }),
    bad: fc.uniqueArray(fc.integer({ min: 0, max: 59 })),
    permanent: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(cases, async ({ count, bad, permanent }) => {
      const events = numbers(count);
      const struck = bad.filter((event) => event < count);
      fc.pre(permanent || struck.length < count);
      const handler = handlerOf(struck, () =>
        permanent ? new PermanentError('internal', 'no') : new RangeError('no'),
      );
      const result = await handleInParts(events, handler);
      expect(result.out).toBe(count - struck.length);
      expect([...(result.failed ?? [])].sort()).toEqual(struck.map((event) => `${event} internal`).sort());
      expect(handler.handled.size).toBe(count - struck.length);
    }),
  );
});
