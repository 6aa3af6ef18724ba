import type { Candidates } from './candidates.ts';
import type { Knowledge } from './knowledge.ts';
import { KINDS } from './session.ts';

/** What the re-ranker sees of a candidate, in this order. */
export const FEATURES = [
  ...['vstan', 'walk1', 'walk2', 'walk3', 'suffix'].flatMap((name) => [
    `ln ${name}`,
    `share of best ${name}`,
  ]),
  'ln popularity',
  'ln share of the newest 5 %',
  'ln share of the newest 1 %',
  'ln age of its last session',
  'age of its first session',
  'share of carts and purchases',
  'repeat rate',
  'seen',
  'is newest',
  'is second newest',
  'ln distance',
  'share of the session',
  'ln times seen',
  'is first',
  'is newest, which was repeated',
  'seen × ln length',
  'is newest × ln length',
  'is newest × ln its popularity',
  'seen × repeat rate',
  'is in the cart or bought',
  'is bought',
  'ln length',
  'ln popularity of the newest',
  'distinct share of the session',
  'the newest was repeated',
  'the newest is in the cart or bought',
] as const;

export const FEATURE_COUNT = FEATURES.length;

const SCORES = 5;
const ITEM_FEATURES = 7;
const ITEM_AT = 2 * SCORES;
const SEEN_AT = ITEM_AT + ITEM_FEATURES;
const CONTEXT_AT = SEEN_AT + 14;
const FLOOR = 1e-4;

/** Writes, for a session of items and kinds of clicks, a row of FEATURE_COUNT features for each candidate into `rows`, candidate by candidate. */
export type FeatureWriter = (
  prefix: Uint32Array,
  kinds: Uint8Array,
  length: number,
  candidates: Candidates,
  rows: Float64Array,
) => void;

export function makeFeatureWriter(knowledge: Knowledge): FeatureWriter {
  const items = itemFeatures(knowledge);
  const itemCount = knowledge.index.itemCount;
  const times = new Uint16Array(itemCount);
  const distanceOf = new Uint16Array(itemCount);
  const strongest = new Uint8Array(itemCount);

  return (prefix, kinds, length, candidates, rows) => {
    let distinct = 0;
    for (let at = length - 1; at >= 0; at--) {
      const item = prefix[at] ?? 0;
      if (times[item] === 0) {
        distinct++;
        distanceOf[item] = length - 1 - at;
        strongest[item] = 0;
      }
      times[item] = (times[item] ?? 0) + 1;
      strongest[item] = Math.max(strongest[item] ?? 0, kinds[at] ?? 0);
    }
    const newest = prefix[length - 1] ?? 0;
    const first = prefix[0] ?? 0;
    const lnLength = Math.log(length);
    const lnNewest = items[newest * ITEM_FEATURES] ?? 0;
    const newestWanted = (kinds[length - 1] ?? 0) >= KINDS.cart ? 1 : 0;
    const repeated = length > 1 && prefix[length - 2] === newest ? 1 : 0;
    const spread = distinct / length;

    for (let c = 0; c < candidates.size; c++) {
      const item = candidates.ids[c] ?? 0;
      const row = c * FEATURE_COUNT;
      const own = item * ITEM_FEATURES;
      for (let f = 0; f < ITEM_FEATURES; f++) rows[row + ITEM_AT + f] = items[own + f] ?? 0;
      const seen = times[item] ?? 0;
      if (seen > 0) {
        const distance = distanceOf[item] ?? 0;
        const isNewest = distance === 0 ? 1 : 0;
        rows[row + SEEN_AT] = 1;
        rows[row + SEEN_AT + 1] = isNewest;
        rows[row + SEEN_AT + 2] = distance === 1 ? 1 : 0;
        rows[row + SEEN_AT + 3] = Math.log(1 + distance);
        rows[row + SEEN_AT + 4] = seen / length;
        rows[row + SEEN_AT + 5] = Math.log(seen);
        rows[row + SEEN_AT + 6] = length > 1 && item === first ? 1 : 0;
        rows[row + SEEN_AT + 7] = isNewest * repeated;
        rows[row + SEEN_AT + 8] = lnLength;
        rows[row + SEEN_AT + 9] = isNewest * lnLength;
        rows[row + SEEN_AT + 10] = isNewest * lnNewest;
        rows[row + SEEN_AT + 11] = items[own + ITEM_FEATURES - 1] ?? 0;
        const kind = strongest[item] ?? 0;
        rows[row + SEEN_AT + 12] = kind >= KINDS.cart ? 1 : 0;
        rows[row + SEEN_AT + 13] = kind === KINDS.purchase ? 1 : 0;
      } else rows.fill(0, row + SEEN_AT, row + CONTEXT_AT);
      rows[row + CONTEXT_AT] = lnLength;
      rows[row + CONTEXT_AT + 1] = lnNewest;
      rows[row + CONTEXT_AT + 2] = spread;
      rows[row + CONTEXT_AT + 3] = repeated;
      rows[row + CONTEXT_AT + 4] = newestWanted;
    }
    for (let s = 0; s < SCORES; s++) writeScores(candidates, s, rows);
    for (let at = 0; at < length; at++) times[prefix[at] ?? 0] = 0;
  };
}

function writeScores({ ids, size, tables }: Candidates, which: number, rows: Float64Array): void {
  const table = tables[which];
  if (!table) return;
  const best = table.max();
  for (let c = 0; c < size; c++) {
    const value = table.values[ids[c] ?? 0] ?? 0;
    const at = c * FEATURE_COUNT + 2 * which;
    rows[at] = value === 0 ? LN_FLOOR : Math.log(value + FLOOR);
    rows[at + 1] = best === 0 ? 0 : Math.sqrt(value / best);
  }
}

const LN_FLOOR = Math.log(FLOOR);

/** ITEM_FEATURES numbers for each item, that do not depend on the session. */
function itemFeatures({ stats, index }: Knowledge): Float32Array {
  const n = index.sessionCount;
  const features = new Float32Array(index.itemCount * ITEM_FEATURES);
  for (let item = 0; item < index.itemCount; item++) {
    const count = stats.count[item] ?? 0;
    features.set(
      [
        Math.log(1 + count),
        Math.log(((stats.recent5[item] ?? 0) + 0.5) / (count + 5)),
        Math.log(((stats.recent1[item] ?? 0) + 0.2) / (count + 5)),
        Math.log(1 + (200 * (n - (stats.lastSession[item] ?? 0))) / n),
        (stats.firstSession[item] ?? 0) / n,
        stats.wanted[item] ?? 0,
        stats.repeat[item] ?? 0,
      ],
      item * ITEM_FEATURES,
    );
  }
  return features;
}
