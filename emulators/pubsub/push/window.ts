/**
 * How many requests to an endpoint may be under way: few at first, doubling with each round of successes as long as they
 * are answered about as fast as at first, halving while they take longer, since then they wait in the endpoint's queue,
 * and halved by each failure. While the endpoint fails, deliveries pause, longer each time.
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
/** Up to so many times the undisturbed latency, or so many milliseconds, a round counts as fast. */
const FAST_FACTOR = 2;
const FAST_MS = 50;
/** The weight of the newest latency in the average. */
const NEWEST = 0.1;
/** The undisturbed latency is the least of this and the span before: an endpoint may become slower for good. */
const SPAN_MS = 30_000;
const FIRST_PAUSE_MS = 100;
/** The service goes up to a minute; a function on this machine is back within seconds. */
const LONGEST_PAUSE_MS = 1000;

/** @param now epoch milliseconds */
export function makePushWindow(most: number, now: () => number): PushWindow {
  let size = FIRST_SIZE;
  let average = 0;
  let least = Number.POSITIVE_INFINITY;
  let leastBefore = Number.POSITIVE_INFINITY;
  let spanEnd = now() + SPAN_MS;
  let pauseMs = 0;
  let pausedUntil = 0;
  return {
    get size() {
      return Math.floor(size);
    },
    success(latencyMs) {
      pauseMs = 0;
      average += NEWEST * (latencyMs - average);
      if (now() > spanEnd) {
        leastBefore = least;
        least = Number.POSITIVE_INFINITY;
        spanEnd = now() + SPAN_MS;
      }
      least = Math.min(least, latencyMs);
      const fast = average < Math.max(FAST_MS, FAST_FACTOR * Math.min(least, leastBefore));
      size = fast ? Math.min(most, size + 1) : Math.max(FIRST_SIZE, size - 0.5);
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
