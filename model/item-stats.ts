import type { Corpus } from './corpus.ts';
import { KINDS } from './session.ts';

/** What is known of each item by itself. Sessions are numbered by age. */
export interface ItemStats {
  /** Clicks. */
  readonly count: Float32Array;
  /** Clicks within the newest 5 % and 1 % of sessions. */
  readonly recent5: Float32Array;
  readonly recent1: Float32Array;
  readonly firstSession: Uint32Array;
  readonly lastSession: Uint32Array;
  /** Share of its clicks, not counting a session's last, after which the item came up again in the session; smoothed. */
  readonly repeat: Float32Array;
  /** Share of its clicks that put it into a cart or bought it; smoothed. */
  readonly wanted: Float32Array;
}

/** Pseudo-clicks by which an item's rates are drawn to the shop's. */
const SMOOTHING = 5;

/** Counts over the oldest `sessionCount` sessions. */
export function countItems(corpus: Corpus, sessionCount: number): ItemStats {
  const itemCount = corpus.itemIds.length;
  const count = new Float32Array(itemCount);
  const recent5 = new Float32Array(itemCount);
  const recent1 = new Float32Array(itemCount);
  const firstSession = new Uint32Array(itemCount).fill(sessionCount);
  const lastSession = new Uint32Array(itemCount);
  const repeats = new Float32Array(itemCount);
  const chances = new Float32Array(itemCount);
  const wants = new Float32Array(itemCount);
  const laterIn = new Int32Array(itemCount).fill(-1);
  const from5 = Math.floor(sessionCount * 0.95);
  const from1 = Math.floor(sessionCount * 0.99);
  let allWants = 0;
  let allRepeats = 0;
  let allChances = 0;
  for (let session = 0; session < sessionCount; session++) {
    const from = corpus.starts[session] ?? 0;
    const last = (corpus.starts[session + 1] ?? 0) - 1;
    for (let at = last; at >= from; at--) {
      const item = corpus.clicks[at] ?? 0;
      count[item] = (count[item] ?? 0) + 1;
      if ((corpus.kinds[at] ?? 0) >= KINDS.cart) {
        wants[item] = (wants[item] ?? 0) + 1;
        allWants++;
      }
      if (session >= from5) recent5[item] = (recent5[item] ?? 0) + 1;
      if (session >= from1) recent1[item] = (recent1[item] ?? 0) + 1;
      if (firstSession[item] === sessionCount) firstSession[item] = session;
      lastSession[item] = session;
      if (at < last) {
        chances[item] = (chances[item] ?? 0) + 1;
        allChances++;
        if (laterIn[item] === session) {
          repeats[item] = (repeats[item] ?? 0) + 1;
          allRepeats++;
        }
      }
      laterIn[item] = session;
    }
  }
  const rate = allChances === 0 ? 0 : allRepeats / allChances;
  const repeat = repeats.map((n, item) => (n + SMOOTHING * rate) / ((chances[item] ?? 0) + SMOOTHING));
  const wantRate = allWants / Math.max(1, corpus.starts[sessionCount] ?? 0);
  const wanted = wants.map((n, item) => (n + SMOOTHING * wantRate) / ((count[item] ?? 0) + SMOOTHING));
  return { count, recent5, recent1, firstSession, lastSession, repeat, wanted };
}
