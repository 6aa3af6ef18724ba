import type { Corpus } from './corpus.ts';
import { KINDS } from './session.ts';

/** Age, as a share of all sessions, at which a click counts half. */
const HALF_LIFE = 0.1;

/** What a click counts by its kind: a purchase says more than a look. */
const WEIGHTS = Float32Array.from({ length: 4 });
WEIGHTS[KINDS.view] = 1;
WEIGHTS[KINDS.wish] = 2;
WEIGHTS[KINDS.cart] = 3;
WEIGHTS[KINDS.purchase] = 5;

/** The items of the oldest `sessionCount` sessions by clicks, decayed with age, most popular first. */
export function orderByPopularity(corpus: Corpus, sessionCount: number): Uint32Array {
  const scores = new Float64Array(corpus.itemIds.length);
  for (let session = 0; session < sessionCount; session++) {
    const decay = 0.5 ** ((sessionCount - 1 - session) / (HALF_LIFE * sessionCount));
    const to = corpus.starts[session + 1] ?? 0;
    for (let at = corpus.starts[session] ?? 0; at < to; at++) {
      const item = corpus.clicks[at] ?? 0;
      scores[item] = (scores[item] ?? 0) + decay * (WEIGHTS[corpus.kinds[at] ?? KINDS.view] ?? 1);
    }
  }
  const items = Uint32Array.from(scores.keys()).filter((item) => (scores[item] ?? 0) > 0);
  return items.sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0) || a - b);
}
