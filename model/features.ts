import { AFFINITY_FEATURES, makeAffinityWriter } from './affinity.ts';
import { type Candidates, SCORES } from './candidates.ts';
import type { Knowledge } from './knowledge.ts';
import type { Parameters } from './parameters.ts';
import { KINDS } from './session.ts';

/** What the re-ranker sees of every candidate, in this order. */
export const ROW_FEATURES = [
  ...SCORES.flatMap((name) => [`ln ${name}`, `share of best ${name}`]),
  'ln popularity',
  'ln share of the newest 5 %',
  'ln share of the newest 1 %',
  'ln age of its last session',
  'age of its first session',
  'share of carts and purchases',
  'repeat rate',
  'is in the category of the newest',
  'share of the session in its category',
  ...AFFINITY_FEATURES,
];

/** What it sees besides of a candidate that is among the session's own items; zero for others. */
export const SEEN_FEATURES = [
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
  'followed the newest before',
  'ln distinct items since',
  'share of its clicks right after itself',
];

/** What it sees of the session, the same for every candidate. */
export const CONTEXT_FEATURES = [
  'ln length',
  'ln popularity of the newest',
  'distinct share of the session',
  'the newest was repeated',
  'the newest is in the cart or bought',
  'the newest was seen before',
  'share of clicks right after the same item',
];

export const ROW_COUNT = ROW_FEATURES.length;
export const SEEN_COUNT = SEEN_FEATURES.length;
export const CONTEXT_COUNT = CONTEXT_FEATURES.length;
/** All features: a candidate's row, then what is seen of it in the session, then the session. */
export const FEATURE_COUNT = ROW_COUNT + SEEN_COUNT + CONTEXT_COUNT;

const ITEM_FEATURES = 7;
const ITEM_AT = 2 * SCORES.length;
const CATEGORY_AT = ITEM_AT + ITEM_FEATURES;
const AFFINITY_AT = CATEGORY_AT + 2;
const FLOOR = 1e-4;
const LN_FLOOR = Math.log(FLOOR);

/** The features of one session's candidates, of which the first `seenSize` are the session's own items. */
export interface FeatureTable {
  size: number;
  seenSize: number;
  /** ROW_COUNT numbers for each candidate. */
  readonly rows: Float64Array;
  /** SEEN_COUNT numbers for each of the session's own items. */
  readonly seen: Float64Array;
  readonly context: Float64Array;
}

/** A table with room for so many candidates. */
export function makeFeatureTable(capacity: number): FeatureTable {
  return {
    size: 0,
    seenSize: 0,
    rows: new Float64Array(capacity * ROW_COUNT),
    seen: new Float64Array(capacity * SEEN_COUNT),
    context: new Float64Array(CONTEXT_COUNT),
  };
}

/** Writes the features of a session's candidates; the session is given by its items and the kinds of its clicks. */
export type FeatureWriter = (
  prefix: Uint32Array,
  kinds: Uint8Array,
  length: number,
  candidates: Candidates,
  table: FeatureTable,
) => void;

export function makeFeatureWriter(knowledge: Knowledge, parameters: Parameters): FeatureWriter {
  const writeAffinity = makeAffinityWriter(knowledge.vectors, knowledge.index.itemCount, parameters.vectors);
  const items = itemFeatures(knowledge);
  const itemCount = knowledge.index.itemCount;
  const times = new Uint16Array(itemCount);
  const distanceOf = new Uint16Array(itemCount);
  const strongest = new Uint8Array(itemCount);
  const inARow = new Uint16Array(itemCount);
  const followed = new Uint8Array(itemCount);

  return (prefix, kinds, length, candidates, table) => {
    const { rows, seen, context } = table;
    table.size = candidates.size;
    table.seenSize = candidates.seenSize;
    for (let at = length - 1; at >= 0; at--) {
      const item = prefix[at] ?? 0;
      if (times[item] === 0) {
        distanceOf[item] = length - 1 - at;
        strongest[item] = 0;
      }
      times[item] = (times[item] ?? 0) + 1;
      strongest[item] = Math.max(strongest[item] ?? 0, kinds[at] ?? 0);
    }
    const newest = prefix[length - 1] ?? 0;
    let repeats = 0;
    for (let at = 1; at < length; at++) {
      const item = prefix[at] ?? 0;
      const before = prefix[at - 1] ?? 0;
      if (before === item) {
        inARow[item] = (inARow[item] ?? 0) + 1;
        repeats++;
      }
      if (before === newest) followed[item] = 1;
    }
    const first = prefix[0] ?? 0;
    const lnLength = Math.log(length);
    const lnNewest = items[newest * ITEM_FEATURES] ?? 0;
    const repeated = length > 1 && prefix[length - 2] === newest ? 1 : 0;

    for (let c = 0; c < candidates.size; c++) {
      const own = (candidates.ids[c] ?? 0) * ITEM_FEATURES;
      const at = c * ROW_COUNT + ITEM_AT;
      for (let f = 0; f < ITEM_FEATURES; f++) rows[at + f] = items[own + f] ?? 0;
    }
    writeAffinity(prefix, length, candidates, rows, ROW_COUNT, AFFINITY_AT);
    writeCategories(knowledge.categories.of, prefix, length, candidates, rows);
    for (let s = 0; s < SCORES.length; s++) writeScores(candidates, s, rows);
    for (let c = 0; c < candidates.seenSize; c++) {
      const item = candidates.ids[c] ?? 0;
      const at = c * SEEN_COUNT;
      const count = times[item] ?? 0;
      const distance = distanceOf[item] ?? 0;
      const isNewest = distance === 0 ? 1 : 0;
      const kind = strongest[item] ?? 0;
      seen[at] = 1;
      seen[at + 1] = isNewest;
      seen[at + 2] = distance === 1 ? 1 : 0;
      seen[at + 3] = Math.log(1 + distance);
      seen[at + 4] = count / length;
      seen[at + 5] = Math.log(count);
      seen[at + 6] = length > 1 && item === first ? 1 : 0;
      seen[at + 7] = isNewest * repeated;
      seen[at + 8] = lnLength;
      seen[at + 9] = isNewest * lnLength;
      seen[at + 10] = isNewest * lnNewest;
      seen[at + 11] = items[item * ITEM_FEATURES + ITEM_FEATURES - 1] ?? 0;
      seen[at + 12] = kind >= KINDS.cart ? 1 : 0;
      seen[at + 13] = kind === KINDS.purchase ? 1 : 0;
      seen[at + 14] = followed[item] ?? 0;
      seen[at + 15] = Math.log(1 + c);
      seen[at + 16] = (inARow[item] ?? 0) / count;
    }
    context[0] = lnLength;
    context[1] = lnNewest;
    context[2] = candidates.seenSize / length;
    context[3] = repeated;
    context[4] = (kinds[length - 1] ?? 0) >= KINDS.cart ? 1 : 0;
    context[5] = (times[newest] ?? 0) > 1 ? 1 : 0;
    context[6] = repeats / length;
    for (let at = 0; at < length; at++) {
      const item = prefix[at] ?? 0;
      times[item] = 0;
      inARow[item] = 0;
      followed[item] = 0;
    }
  };
}

function writeCategories(
  categoryOf: Uint32Array,
  prefix: Uint32Array,
  length: number,
  { ids, size }: Candidates,
  rows: Float64Array,
): void {
  const newest = categoryOf[prefix[length - 1] ?? 0] ?? 0;
  for (let c = 0; c < size; c++) {
    const category = categoryOf[ids[c] ?? 0] ?? 0;
    let shared = 0;
    if (category > 0)
      for (let at = 0; at < length; at++) if (categoryOf[prefix[at] ?? 0] === category) shared++;
    const at = c * ROW_COUNT + CATEGORY_AT;
    rows[at] = category > 0 && category === newest ? 1 : 0;
    rows[at + 1] = shared / length;
  }
}

function writeScores({ ids, size, tables }: Candidates, which: number, rows: Float64Array): void {
  const table = tables[which];
  if (!table) return;
  const best = table.max();
  for (let c = 0; c < size; c++) {
    const value = table.values[ids[c] ?? 0] ?? 0;
    const at = c * ROW_COUNT + 2 * which;
    rows[at] = value === 0 ? LN_FLOOR : Math.log(value + FLOOR);
    rows[at + 1] = best === 0 ? 0 : Math.sqrt(value / best);
  }
}

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
