/** Time as the emulator sees it, so that tests can turn the clock. */
export interface Scheduler {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs a task once, after `ms`. Answers a function that calls it off. */
  after(ms: number, task: () => void): () => void;
}

/** The machine's clock. Waits keep no process alive. */
export const systemScheduler: Scheduler = {
  now: Date.now,
  after(ms, task) {
    const timer = setTimeout(task, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
