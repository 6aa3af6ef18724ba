import { afterEach, expect, test, vi } from 'vitest';
import { makeFeed } from './feed.ts';
import type { FlowSnapshot, Update } from './protocol.ts';

afterEach(() => vi.useRealTimers());

function clocked() {
  vi.useFakeTimers({ now: 1_000_000 });
  let reads = 0;
  const read = async (): Promise<FlowSnapshot> => {
    reads += 1;
    return { at: Date.now(), stages: {}, queues: {}, screen: { count: reads, p50: null, p95: null } };
  };
  return { read, everyMs: 250, reads: () => reads };
}

test('four updates a second while somebody watches, else one; the history has one a second', async () => {
  const source = clocked();
  const feed = makeFeed({ source, recent: () => [] });
  await vi.advanceTimersByTimeAsync(10_000);
  expect(source.reads()).toBe(11);

  const seen: Update[] = [];
  const end = feed.watch(async (update) => void seen.push(update));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen.length).toBeGreaterThan(30);
  expect(seen.length).toBeLessThanOrEqual(40);
  expect(feed.history().length).toBeGreaterThan(15);
  expect(feed.history().length).toBeLessThanOrEqual(21);

  end();
  const before = seen.length;
  await vi.advanceTimersByTimeAsync(5000);
  expect(seen.length).toBe(before);
  feed.close();
});

test('who is slow misses updates, then gets the newest; others are not held up', async () => {
  const feed = makeFeed({ source: clocked(), recent: () => [] });
  const slow: number[] = [];
  let written: () => void = () => undefined;
  feed.watch(
    ({ snapshot }) =>
      new Promise((resolve) => {
        slow.push(snapshot.screen.count);
        written = resolve;
      }),
  );
  let quick = 0;
  feed.watch(async () => {
    quick += 1;
  });
  await vi.advanceTimersByTimeAsync(3000);
  expect(slow).toHaveLength(1);
  expect(quick).toBeGreaterThan(5);
  expect(feed.dropped()).toBe(quick - 1);
  written();
  await vi.advanceTimersByTimeAsync(250);
  expect(slow.at(-1)).toBe((slow[0] ?? 0) + quick - 1);
  feed.close();
});

test('says once that the source does not answer, and goes on', async () => {
  const source = clocked();
  const said: (string | undefined)[] = [];
  let broken = true;
  const read = () => (broken ? Promise.reject(new Error('gone')) : source.read());
  const feed = makeFeed({
    source: { read, everyMs: 250 },
    recent: () => [],
    onTrouble: (trouble) => said.push(trouble),
  });
  await vi.advanceTimersByTimeAsync(3000);
  broken = false;
  await vi.advanceTimersByTimeAsync(3000);
  expect(said).toEqual(['gone', undefined]);
  expect(feed.history().length).toBeGreaterThan(0);
  feed.close();
});
