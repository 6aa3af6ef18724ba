import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeGroupCommit } from './group-commit.ts';

/** A commit function whose groups are recorded and settled by hand. */
function manualCommit() {
  const groups: {
    readonly items: readonly number[];
    resolve: () => void;
    reject: (error: Error) => void;
  }[] = [];
  const commit = (items: readonly number[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      groups.push({ items, resolve: () => resolve(items.map(String)), reject });
    });
  const group = (index: number) => {
    const found = groups[index];
    if (!found) throw new Error(`no group ${index} yet`);
    return found;
  };
  return { commit, groups, group };
}

const limits = { maxItems: 3, maxBytes: 10, sizeOf: (item: number) => item };

describe('makeGroupCommit', () => {
  test('commits at once when idle, and gathers what arrives meanwhile', async () => {
    const { commit, groups, group } = manualCommit();
    const committer = makeGroupCommit({ ...limits, commit });

    const first = committer.add([1]);
    const second = committer.add([2]);
    const third = committer.add([3]);
    expect(groups.map((each) => each.items)).toEqual([[1]]);

    group(0).resolve();
    expect(await first).toEqual(['1']);
    await expect.poll(() => groups.length).toBe(2);
    expect(group(1).items).toEqual([2, 3]);
    group(1).resolve();
    expect(await second).toEqual(['2']);
    expect(await third).toEqual(['3']);
  });

  test.each([
    { name: 'items', items: [1, 1, 1, 1], groups: [[1, 1, 1], [1]] },
    { name: 'bytes', items: [6, 4, 1], groups: [[6, 4], [1]] },
    { name: 'an oversized item alone', items: [1, 50, 1], groups: [[1], [50], [1]] },
  ])('bounds a group by $name', async ({ items, groups: expected }) => {
    const seen: (readonly number[])[] = [];
    const committer = makeGroupCommit({
      ...limits,
      commit: async (group) => {
        seen.push(group);
        return group;
      },
    });
    expect(await committer.add(items)).toEqual(items);
    expect(seen).toEqual(expected);
  });

  test('a failed group fails exactly its callers', async () => {
    const { commit, group, groups } = manualCommit();
    const committer = makeGroupCommit({ ...limits, commit });
    const first = committer.add([1]);
    const second = committer.add([2]);

    group(0).reject(new Error('refused'));
    await expect(first).rejects.toThrow('refused');
    await expect.poll(() => groups.length).toBe(2);
    group(1).resolve();
    expect(await second).toEqual(['2']);
  });

  test('runs as many commits at a time as allowed', () => {
    const { commit, groups } = manualCommit();
    const committer = makeGroupCommit({ ...limits, maxItems: 1, concurrency: 2, commit });
    void committer.add([1, 2, 3]);
    expect(groups).toHaveLength(2);
  });

  test('drain resolves when nothing is left, also when nothing ever was', async () => {
    const { commit, group } = manualCommit();
    const committer = makeGroupCommit({ ...limits, commit });
    await committer.drain();
    const added = committer.add([1]);
    let drained = false;
    const drain = committer.drain().then(() => {
      drained = true;
    });
    expect(drained).toBe(false);
    group(0).resolve();
    await added;
    await drain;
    expect(drained).toBe(true);
  });

  test('an answer of the wrong length is an error, not a silent loss', async () => {
    const committer = makeGroupCommit({ ...limits, commit: async () => [] });
    await expect(committer.add([1])).rejects.toThrow('1 items answered 0 results');
  });
});

describe('gathering beside a commit that runs', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  const gathering = { ...limits, concurrency: 2, gatherMs: 5 };

  test('nobody waits where none runs; then a group forms until its time has passed', () => {
    const { commit, groups } = manualCommit();
    const committer = makeGroupCommit({ ...gathering, commit });
    void committer.add([1]);
    expect(groups).toHaveLength(1);

    void committer.add([2]);
    vi.advanceTimersByTime(4);
    void committer.add([3]);
    expect(groups).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(groups.map(({ items }) => items)).toEqual([[1], [2, 3]]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([
    { name: 'as many items as one may have', items: [1, 1, 1] },
    { name: 'as many bytes', items: [9, 1] },
  ])('a group with $name goes at once', ({ items }) => {
    const { commit, groups } = manualCommit();
    const committer = makeGroupCommit({ ...gathering, commit });
    void committer.add([1]);
    void committer.add(items);
    expect(groups.map((group) => group.items)).toEqual([[1], items]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a group that waited while all places were taken goes with the first that is free', async () => {
    const { commit, group, groups } = manualCommit();
    const committer = makeGroupCommit({ ...gathering, commit });
    void committer.add([1]);
    void committer.add([1, 1, 1]);
    void committer.add([2]);
    vi.advanceTimersByTime(50);
    expect(groups).toHaveLength(2);
    group(0).resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(groups.map(({ items }) => items)).toEqual([[1], [1, 1, 1], [2]]);
  });

  test('it goes at once when the last commit ends', async () => {
    const { commit, group, groups } = manualCommit();
    const committer = makeGroupCommit({ ...gathering, commit });
    void committer.add([1]);
    void committer.add([2]);
    group(0).resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(groups).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });
});
