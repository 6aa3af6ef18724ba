import type { Micros } from './values.ts';

/** The times of everything that happens: each later than the one before, whatever the system's clock does. */
export interface Clock {
  now(): Micros;
  /** The latest time that was given. */
  latest(): Micros;
}

/**
 * @param millis the system's clock
 * @param after times begin after this one: the latest of a former run whose data are kept
 */
export function makeClock(millis: () => number = Date.now, after: Micros = 0n): Clock {
  let latest = after;
  return {
    now() {
      const system = BigInt(millis()) * 1000n;
      latest = system > latest ? system : latest + 1n;
      return latest;
    },
    latest: () => latest,
  };
}
