/** Deadlines of one length, watched by one timer: a timer for each would cost more than what it guards. */
export interface Deadlines {
  /** Calls `late` after the length has passed, unless the returned function is called first. */
  watch(late: () => void): () => void;
}

interface Watch {
  readonly at: number;
  /** Undefined once it was called, or is not to be. */
  late: (() => void) | undefined;
}

/** @param ms the length, in milliseconds */
export function makeDeadlines(ms: number, clock: () => number = () => performance.now()): Deadlines {
  // In the order of their ends, since all have the same length.
  let watches: Watch[] = [];
  let timer: NodeJS.Timeout | undefined;
  const sweep = (): void => {
    timer = undefined;
    const now = clock();
    const due = watches.filter((watch) => watch.at <= now);
    watches = watches.filter((watch) => watch.at > now && watch.late);
    arm();
    for (const { late } of due) late?.();
  };
  const arm = (): void => {
    const first = watches[0];
    if (!first || timer) return;
    timer = setTimeout(sweep, Math.max(1, Math.ceil(first.at - clock())));
  };
  return {
    watch(late) {
      const watch: Watch = { at: clock() + ms, late };
      watches.push(watch);
      arm();
      return () => {
        watch.late = undefined;
      };
    },
  };
}
