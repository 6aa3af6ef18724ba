import { makeBag } from './bag-of-clicks.ts';
import type { Corpus } from './corpus.ts';
import { type ItemVectors, packVectors } from './item-vectors.ts';
import type { Parameters } from './parameters.ts';

/** Directions as learned from the oldest `sessionCount` sessions. */
export type VectorLearner = (sessionCount: number) => ItemVectors;

/** Share of the learning rate at the end of learning. */
const LAST_RATE = 0.2;
/** A learner that goes on reads so many times the sessions that came since. */
const REREAD = 3;

/** Asked for more sessions than before, it goes on from where it was, which costs little; for fewer, it begins anew. */
export function makeVectorLearner(corpus: Corpus, parameters: Parameters['vectors']): VectorLearner {
  const { epochs, refresh, most, width, leastClicks } = parameters;
  let known = 0;
  let bag = makeBag(corpus, parameters);
  return (sessionCount) => {
    if (sessionCount < known) {
      known = 0;
      bag = makeBag(corpus, parameters);
    }
    const newest = newestOf(corpus, sessionCount, most);
    if (known === 0) {
      for (let epoch = 0; epoch < epochs; epoch++) {
        const rateAt = (done: number): number => 1 - ((1 - LAST_RATE) * done) / epochs;
        bag.read(newest, sessionCount, rateAt(epoch), rateAt(epoch + 1));
      }
    } else if (sessionCount > known) {
      const from = Math.max(newest, sessionCount - REREAD * (sessionCount - known));
      bag.read(from, sessionCount, refresh, refresh * LAST_RATE);
    }
    known = sessionCount;
    const items = itemsWith(leastClicks, corpus, corpus.starts[sessionCount] ?? 0);
    return packVectors(width, items, bag.from, bag.to);
  };
}

/** The items with at least so many of the first `size` clicks. */
function itemsWith(leastClicks: number, { itemIds, clicks }: Corpus, size: number): Uint32Array {
  const counts = new Uint32Array(itemIds.length);
  for (const item of clicks.subarray(0, size)) counts[item] = (counts[item] ?? 0) + 1;
  return Uint32Array.from(counts.keys()).filter((item) => (counts[item] ?? 0) >= leastClicks);
}

/** The first of the newest sessions that have `most` clicks together. */
function newestOf({ starts }: Corpus, sessionCount: number, most: number): number {
  const end = starts[sessionCount] ?? 0;
  let first = sessionCount;
  while (first > 0 && end - (starts[first - 1] ?? 0) <= most) first--;
  return first;
}
