import { expect, test, vi } from 'vitest';
import { makeCachedRead } from './cached-read.ts';
import { TransientError } from './errors.ts';

function setUp(ttlMs: number | ((answer: number) => number) = 1000) {
  let now = 0;
  const read = vi.fn(async () => read.mock.calls.length);
  const cached = makeCachedRead({ what: 'it', read, ttlMs, deadlineMs: 20, clock: () => now });
  return {
    read,
    cached,
    at: (time: number) => {
      now = time;
    },
  };
}

test('reads once, for calls at the same time too, and again after its time', async () => {
  const { read, cached, at } = setUp();
  expect(await Promise.all([cached(), cached()])).toEqual([1, 1]);
  at(999);
  expect(await cached()).toBe(1);
  at(1000);
  expect(await cached()).toBe(2);
  expect(read).toHaveBeenCalledTimes(2);
});

test('the time may depend on the answer', async () => {
  const { cached, at } = setUp((answer) => (answer === 1 ? 10 : 1000));
  await cached();
  at(10);
  expect(await cached()).toBe(2);
  at(1000);
  expect(await cached()).toBe(2);
});

test('a failure is told, and forgotten', async () => {
  const { read, cached } = setUp();
  read.mockRejectedValueOnce(new Error('no'));
  await expect(cached()).rejects.toThrow('no');
  expect(await cached()).toBe(2);
});

test('a read that never answers is given up, and the next one counts', async () => {
  const { read, cached } = setUp();
  read.mockReturnValueOnce(new Promise(() => undefined));
  const both = await Promise.allSettled([cached(), cached()]);
  for (const { status, reason } of both as PromiseRejectedResult[]) {
    expect(status).toBe('rejected');
    expect(reason).toBeInstanceOf(TransientError);
    expect(reason).toMatchObject({ message: 'it could not be read within 20 ms' });
  }
  expect(await cached()).toBe(2);
});
