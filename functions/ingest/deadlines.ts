/** Deadlines of one length, watched by one timer: a timer for each would cost more than what it guards. */
export interface Deadlines {
  /** Calls `late` after the length has passed, unless the returned function is called first. */
  watch(late: () => void): () => void;
}

interface Watch {
  readonly at: number;
  readonly late: () => void;
}

/** @param ms the length, in milliseconds */
export function makeDeadlines(ms: number, clock: () => number = () => performance.now()): Deadlines {
  // In the order of their ends, since all have the same length. What is in time goes at once, so that it is no burden until its end.
  const watches = new Set<Watch>();
  let timer: NodeJS.Timeout | undefined;
  const sweep = (): void => {
    timer = undefined;
    const now = clock();
    for (const watch of watches) {
      if (watch.at > now) break;
      watches.delete(watch);
      watch.late();
    }
    arm();
  };
  const arm = (): void => {
    if (timer) return;
    for (const { at } of watches) {
      timer = setTimeout(sweep, Math.max(1, Math.ceil(at - clock())));
      return;
    }
  };
  return {
    watch(late) {
      const watch: Watch = { at: clock() + ms, late };
      watches.add(watch);
      arm();
      return () => void watches.delete(watch);
    },
  };
}
