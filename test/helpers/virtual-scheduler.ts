import type { Scheduler } from '../../emulators/pubsub/scheduler.ts';

/** Time that passes only when told to. */
export interface VirtualScheduler extends Scheduler {
  /** Lets so many milliseconds pass, and runs what falls due, in order. */
  pass(ms: number): void;
}

export function makeVirtualScheduler(start = Date.UTC(2026, 0, 1)): VirtualScheduler {
  let time = start;
  let count = 0;
  const tasks = new Map<number, { readonly at: number; readonly task: () => void }>();
  const next = (until: number): number | undefined => {
    let first: number | undefined;
    for (const [id, { at }] of tasks) {
      if (at <= until && (first === undefined || at < (tasks.get(first)?.at ?? 0))) first = id;
    }
    return first;
  };
  return {
    now: () => time,
    after(ms, task) {
      count += 1;
      const id = count;
      tasks.set(id, { at: time + ms, task });
      return () => void tasks.delete(id);
    },
    pass(ms) {
      const until = time + ms;
      for (let id = next(until); id !== undefined; id = next(until)) {
        const { at, task } = tasks.get(id) ?? { at: until, task: () => undefined };
        tasks.delete(id);
        time = at;
        task();
      }
      time = until;
    },
  };
}
