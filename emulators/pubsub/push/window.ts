/**
 * How many requests to an endpoint may be under way: few at first, doubling with each round of successes as long as they
 * take less than a second on average, halving while they take longer, and halved by each failure. While the endpoint
 * fails, deliveries pause, longer each time.
 * https://cloud.google.com/pubsub/docs/push#delivery_rate
 */
export interface PushWindow {
  readonly size: number;
  success(latencyMs: number): void;
  failure(): void;
  /** A failure that stops delivery for a while. Answers for how many milliseconds; 0 where a pause is under way. */
  pause(): number;
}

const FIRST_SIZE = 4;
/** What takes longer than this is waiting in the endpoint's queue, where more requests do not help. */
const SLOW_MS = 1000;
/** The weight of the newest latency in the average. */
const NEWEST = 0.1;
const FIRST_PAUSE_MS = 100;
/** The service goes up to a minute; a function on this machine is back within seconds. */
const LONGEST_PAUSE_MS = 1000;

/** @param now epoch milliseconds */
export function makePushWindow(most: number, now: () => number): PushWindow {
  let size = FIRST_SIZE;
  let latency = 0;
  let pauseMs = 0;
  let pausedUntil = 0;
  return {
    get size() {
      return Math.floor(size);
    },
    success(latencyMs) {
      latency += NEWEST * (latencyMs - latency);
      size = latency < SLOW_MS ? Math.min(most, size + 1) : Math.max(1, size - 0.5);
      pauseMs = 0;
    },
    failure() {
      size = Math.max(1, size / 2);
    },
    pause() {
      // What was under way when the pause began, and fails now, says nothing new.
      if (now() < pausedUntil) return 0;
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs === 0 ? FIRST_PAUSE_MS : pauseMs * 2);
      pausedUntil = now() + pauseMs;
      return pauseMs;
    },
  };
}
