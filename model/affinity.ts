import type { Candidates } from './candidates.ts';
import { decaysOf, type ItemVectors } from './item-vectors.ts';
import type { Parameters } from './parameters.ts';

/** What the learned directions say of a candidate, in this order. */
export const AFFINITY_FEATURES = [
  'affinity to the session',
  'affinity short of the best',
  'affinity to the newest',
  'affinity by likeness to the newest',
];

/** Writes AFFINITY_FEATURES of each candidate into `rows`, of `stride` numbers each, from `at` on. */
export type AffinityWriter = (
  prefix: Uint32Array,
  length: number,
  candidates: Candidates,
  rows: Float64Array,
  stride: number,
  at: number,
) => void;

/**
 * How far candidates lie in the direction in which the session leads (the mean of its newest clicks' directions, newer ones
 * weighing more), and in which its newest click alone does; and the cosine of candidate and newest item as what is clicked
 * next. Items without directions lie nowhere: 0.
 */
export function makeAffinityWriter(
  vectors: ItemVectors,
  itemCount: number,
  parameters: Parameters['vectors'],
): AffinityWriter {
  const { width, items, from, to } = vectors;
  const unit = (vectors.units[0] ?? 0) * (vectors.units[1] ?? 0);
  const decays = decaysOf(parameters);
  const rowOf = new Int32Array(itemCount).fill(-1);
  items.forEach((item, row) => {
    rowOf[item] = row;
  });
  const lengths = new Float32Array(items.length).map((_, row) => lengthOf(to, row * width, width));
  const bySession = new Float64Array(width);
  const byNewest = new Float64Array(width);
  const newestItself = new Float64Array(width);

  /** Reads the session; returns the length of its newest item as what is clicked next. */
  const read = (prefix: Uint32Array, length: number): number => {
    bySession.fill(0);
    byNewest.fill(0);
    newestItself.fill(0);
    const reach = Math.min(length, decays.length);
    let total = 0;
    for (let distance = 0; distance < reach; distance++) total += decays[distance] ?? 0;
    for (let distance = 0; distance < reach; distance++) {
      const row = rowOf[prefix[length - 1 - distance] ?? 0] ?? -1;
      const weight = (unit * (decays[distance] ?? 0)) / total;
      if (row < 0) continue;
      for (let d = 0; d < width; d++)
        bySession[d] = (bySession[d] ?? 0) + weight * (from[row * width + d] ?? 0);
    }
    const newest = rowOf[prefix[length - 1] ?? 0] ?? -1;
    if (newest < 0) return 0;
    for (let d = 0; d < width; d++) {
      byNewest[d] = unit * (from[newest * width + d] ?? 0);
      newestItself[d] = to[newest * width + d] ?? 0;
    }
    return lengths[newest] ?? 0;
  };

  return (prefix, length, { ids, size }, rows, stride, at) => {
    const newestLength = read(prefix, length);
    let best = 0;
    for (let c = 0; c < size; c++) {
      const row = rowOf[ids[c] ?? 0] ?? -1;
      let toSession = 0;
      let toNewest = 0;
      let likeness = 0;
      if (row >= 0)
        for (let d = 0; d < width; d++) {
          const value = to[row * width + d] ?? 0;
          toSession += (bySession[d] ?? 0) * value;
          toNewest += (byNewest[d] ?? 0) * value;
          likeness += (newestItself[d] ?? 0) * value;
        }
      const start = c * stride + at;
      const norm = newestLength * (row < 0 ? 0 : (lengths[row] ?? 0));
      rows[start] = toSession;
      rows[start + 2] = toNewest;
      rows[start + 3] = norm === 0 ? 0 : likeness / norm;
      if (c === 0 || toSession > best) best = toSession;
    }
    for (let c = 0; c < size; c++) {
      const start = c * stride + at;
      rows[start + 1] = (rows[start] ?? 0) - best;
    }
  };
}

function lengthOf(values: Int8Array, start: number, width: number): number {
  let sum = 0;
  for (let at = start; at < start + width; at++) sum += (values[at] ?? 0) ** 2;
  return Math.sqrt(sum);
}
