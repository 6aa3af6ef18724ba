import type { Pending } from './pending.ts';

/**
 * The messages of one ordering key, oldest first. Those at the front are out with a consumer; nothing more of the key
 * goes out until all of them are acknowledged, and where one fails, it and all behind it go out anew, in order.
 */
export interface Lane {
  readonly key: string;
  readonly size: number;
  add(pending: Pending): void;
  /** Messages that may go out now, at most `count`; none while others are out or wait. */
  next(count: number): readonly Pending[];
  /** These, from the front, went out. */
  sent(count: number): void;
  /** A message is done with. */
  remove(pending: Pending): void;
  /** A message failed. Answers those behind it that are out: their deliveries no longer count. */
  failed(pending: Pending): readonly Pending[];
  /** Between a failure and the end of its wait nothing goes out. */
  waiting: boolean;
  /** Whether the lane stands in a queue of what is due. */
  queued: boolean;
  /** Whether something may go out. */
  readonly due: boolean;
}

export function makeLane(key: string): Lane {
  const entries: Pending[] = [];
  let out = 0;
  return {
    key,
    waiting: false,
    queued: false,
    get size() {
      return entries.length;
    },
    get due() {
      return out === 0 && !this.waiting && entries.length > 0;
    },
    add: (pending) => void entries.push(pending),
    next(count) {
      return this.due ? entries.slice(0, count) : [];
    },
    sent(count) {
      out = count;
    },
    remove(pending) {
      const at = entries.indexOf(pending);
      if (at < 0) return;
      entries.splice(at, 1);
      if (at < out) out -= 1;
    },
    failed(pending) {
      const at = entries.indexOf(pending);
      const behind = entries.slice(at + 1, out);
      out = Math.min(out, at);
      return behind;
    },
  };
}
