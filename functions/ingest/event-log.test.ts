import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LIMITS } from '../../shared/limits.ts';
import { type Chunk, packChunks } from '../../shared/message.ts';
import { makeEventLog } from './event-log.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An event log over publishes that are settled by hand. */
function manualLog() {
  const publishes: { readonly chunks: readonly Chunk[]; settle: (error?: Error) => void }[] = [];
  const publisher = {
    publishChunks: (_topic: string, chunks: readonly Chunk[]) =>
      new Promise<void>((resolve, reject) => {
        publishes.push({ chunks, settle: (error) => (error ? reject(error) : resolve()) });
      }),
  };
  const eventLog = makeEventLog({ publisher, concurrency: 4 });
  const append = (bytes: number): Promise<void> => {
    const data = Buffer.alloc(bytes);
    return eventLog.append({ accepted: [{ data, count: 1 }], failed: [], bytes });
  };
  return { append, publishes, sizes: () => publishes.map(({ chunks }) => chunks.length) };
}

test('one request alone goes at once; those that come meanwhile share the next publish', () => {
  const { append, sizes } = manualLog();
  for (let request = 0; request < 10; request += 1) void append(1_000);
  expect(sizes()).toEqual([1]);
  vi.advanceTimersByTime(5);
  expect(sizes()).toEqual([1, 9]);
});

test('a slow answer holds up nobody for longer, as far as there are places', () => {
  const { append, sizes } = manualLog();
  for (let turn = 0; turn < 6; turn += 1) {
    void append(1_000);
    vi.advanceTimersByTime(5);
  }
  expect(sizes()).toEqual([1, 1, 1, 1]);
});

test('a megabyte goes at once, as several messages', () => {
  const { append, publishes, sizes } = manualLog();
  void append(1_000);
  for (let request = 0; request < 12; request += 1) void append(100_000);
  expect(sizes()).toEqual([1, 10]);
  const messages = packChunks(publishes[1]?.chunks ?? []);
  expect(messages.map(({ count }) => count)).toEqual([2, 2, 2, 2, 2]);
  for (const { data } of messages) expect(data.length).toBeLessThanOrEqual(LIMITS.batchBytes);
});

test('a publish that fails fails the requests in it, and no other', async () => {
  const { append, publishes } = manualLog();
  const alone = append(1_000);
  const together = Promise.allSettled([append(1_000), append(1_000)]);
  vi.advanceTimersByTime(5);
  publishes[1]?.settle(new Error('refused'));
  publishes[0]?.settle();
  await expect(alone).resolves.toBeUndefined();
  expect((await together).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});
