export interface GroupCommitOptions<T, R> {
  /** Items in one commit, at most. */
  readonly maxItems: number;
  /** Bytes in one commit, at most; an item that alone exceeds it is committed alone. */
  readonly maxBytes: number;
  /** Commits that may run at the same time; more latency with fewer, smaller groups with more. Default 1. */
  readonly concurrency?: number;
  /**
   * How long a group that could still grow waits before it is committed beside one that runs, in milliseconds. Commits that are
   * answered sooner then follow each other in large groups; slow ones run beside each other. Default 0: it waits for a place only.
   */
  readonly gatherMs?: number;
  /** Bytes of an item. */
  readonly sizeOf: (item: T) => number;
  /** Makes a group durable; one result per item, in order. A rejection fails every item of the group. */
  readonly commit: (items: readonly T[]) => Promise<readonly R[]>;
}

/** Callers' items, gathered into groups that become durable together. */
export interface GroupCommit<T, R> {
  /**
   * Resolves with one result per item once all are durable. Items of one call stay in order; they may span groups.
   * @throws what `commit` rejected with, for the first of the call's groups that failed.
   */
  add(items: readonly T[]): Promise<readonly R[]>;
  /** Resolves when nothing is waiting or running. */
  drain(): Promise<void>;
}

/** A call of `add`: its items may be committed in several groups. */
interface Call<R> {
  settle(index: number, result: R): void;
  reject(error: unknown): void;
}

interface Entry<T, R> {
  readonly item: T;
  readonly bytes: number;
  readonly call: Call<R>;
  /** Place among the call's items. */
  readonly index: number;
}

/**
 * Group commit, as databases do it: an idle committer takes a call at once; calls that arrive while commits run
 * wait together and share the next. At low traffic nobody waits; under load groups grow and cost per item falls.
 */
export function makeGroupCommit<T, R>(options: GroupCommitOptions<T, R>): GroupCommit<T, R> {
  const { maxItems, maxBytes, concurrency = 1, gatherMs = 0, sizeOf, commit } = options;
  const waiting: Entry<T, R>[] = [];
  let waitingBytes = 0;
  let running = 0;
  /** Runs while a group gathers. */
  let timer: NodeJS.Timeout | undefined;
  let gathered = false;
  let idle: (() => void)[] = [];

  const takeGroup = (): Entry<T, R>[] => {
    let bytes = 0;
    let size = 0;
    for (const entry of waiting) {
      if (size === maxItems || (size > 0 && bytes + entry.bytes > maxBytes)) break;
      bytes += entry.bytes;
      size += 1;
    }
    waitingBytes -= bytes;
    clearTimeout(timer);
    timer = undefined;
    gathered = false;
    return waiting.splice(0, size);
  };

  const isDue = (): boolean =>
    running === 0 || gatherMs === 0 || gathered || waiting.length >= maxItems || waitingBytes >= maxBytes;

  const run = async (group: readonly Entry<T, R>[]): Promise<void> => {
    try {
      const results = await commit(group.map((entry) => entry.item));
      if (results.length !== group.length) {
        throw new Error(`a commit of ${group.length} items answered ${results.length} results`);
      }
      results.forEach((result, place) => {
        const entry = group[place];
        entry?.call.settle(entry.index, result);
      });
    } catch (error) {
      for (const { call } of group) call.reject(error);
    }
  };

  const pump = (): void => {
    while (running < concurrency && waiting.length > 0 && isDue()) {
      running += 1;
      void run(takeGroup()).finally(() => {
        running -= 1;
        pump();
      });
    }
    if (waiting.length > 0 && gatherMs > 0 && !gathered) {
      timer ??= setTimeout(() => {
        gathered = true;
        timer = undefined;
        pump();
      }, gatherMs);
    }
    if (running === 0) {
      for (const resolve of idle) resolve();
      idle = [];
    }
  };

  return {
    add(items) {
      if (items.length === 0) return Promise.resolve([]);
      // One promise a call, not one an item: under functions-framework, async hooks make promises dear.
      const durable = new Promise<readonly R[]>((resolve, reject) => {
        const results: R[] = [];
        let missing = items.length;
        const call: Call<R> = {
          settle(index, result) {
            results[index] = result;
            missing -= 1;
            if (missing === 0) resolve(results);
          },
          reject,
        };
        items.forEach((item, index) => {
          const bytes = sizeOf(item);
          waiting.push({ item, bytes, call, index });
          waitingBytes += bytes;
        });
      });
      pump();
      return durable;
    },
    drain: () =>
      new Promise((resolve) => {
        idle.push(resolve);
        pump();
      }),
  };
}
