import { FEATURE_COUNT } from './features.ts';

/**
 * The learned order: score = w · z + v · leaky(W z + b), where z are the standardised features and leaky has slope 0.1
 * below zero. With no hidden units it is linear.
 */
export interface Reranker {
  /** Hidden units: 0, or a multiple of four. */
  readonly hidden: number;
  /** Standardisation: z = (x - mean) / deviation. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /** w, then for each hidden unit its bias, its output weight, and its row of W. */
  readonly weights: Float32Array;
}

export const LEAK = 0.1;
/** From one hidden unit's weights to the next one's. */
export const UNIT_STRIDE = FEATURE_COUNT + 2;

/** Length of `weights`. */
export function weightCount(hidden: number): number {
  return FEATURE_COUNT + hidden * UNIT_STRIDE;
}

/**
 * Scores `size` rows of features; leaves each hidden unit's sum before activation in `sums`, row by row. Four units at
 * a time: their sums are independent, so the processor overlaps them.
 */
export function forward(
  weights: Float64Array,
  hidden: number,
  rows: Float64Array,
  size: number,
  sums: Float64Array,
  scores: Float64Array,
): void {
  for (let c = 0; c < size; c++) {
    const row = c * FEATURE_COUNT;
    let even = 0;
    let odd = 0;
    for (let f = 0; f < FEATURE_COUNT; f += 2) {
      even += (weights[f] ?? 0) * (rows[row + f] ?? 0);
      odd += (weights[f + 1] ?? 0) * (rows[row + f + 1] ?? 0);
    }
    let score = even + odd;
    for (let unit = 0; unit < hidden; unit += 4) {
      const a = FEATURE_COUNT + unit * UNIT_STRIDE;
      const b = a + UNIT_STRIDE;
      const d = b + UNIT_STRIDE;
      const e = d + UNIT_STRIDE;
      let sumA = weights[a] ?? 0;
      let sumB = weights[b] ?? 0;
      let sumD = weights[d] ?? 0;
      let sumE = weights[e] ?? 0;
      for (let f = 0; f < FEATURE_COUNT; f++) {
        const z = rows[row + f] ?? 0;
        sumA += (weights[a + 2 + f] ?? 0) * z;
        sumB += (weights[b + 2 + f] ?? 0) * z;
        sumD += (weights[d + 2 + f] ?? 0) * z;
        sumE += (weights[e + 2 + f] ?? 0) * z;
      }
      const at = c * hidden + unit;
      sums[at] = sumA;
      sums[at + 1] = sumB;
      sums[at + 2] = sumD;
      sums[at + 3] = sumE;
      score +=
        (weights[a + 1] ?? 0) * (sumA < 0 ? LEAK * sumA : sumA) +
        (weights[b + 1] ?? 0) * (sumB < 0 ? LEAK * sumB : sumB) +
        (weights[d + 1] ?? 0) * (sumD < 0 ? LEAK * sumD : sumD) +
        (weights[e + 1] ?? 0) * (sumE < 0 ? LEAK * sumE : sumE);
    }
    scores[c] = score;
  }
}

/**
 * Scores up to `capacity` rows of raw features. The standardisation is folded into the weights; the constant that this
 * leaves out is the same for every row.
 */
export function makeRerankerScorer(
  { hidden, mean, deviation, weights }: Reranker,
  capacity: number,
): (rows: Float64Array, size: number, scores: Float64Array) => void {
  const folded = Float64Array.from(weights);
  const sums = new Float64Array(capacity * hidden);
  for (let f = 0; f < FEATURE_COUNT; f++) folded[f] = (weights[f] ?? 0) / (deviation[f] ?? 1);
  for (let unit = 0; unit < hidden; unit++) {
    const at = FEATURE_COUNT + unit * UNIT_STRIDE;
    for (let f = 0; f < FEATURE_COUNT; f++) {
      const weight = (weights[at + 2 + f] ?? 0) / (deviation[f] ?? 1);
      folded[at + 2 + f] = weight;
      folded[at] = (folded[at] ?? 0) - weight * (mean[f] ?? 0);
    }
  }
  return (rows, size, scores) => forward(folded, hidden, rows, size, sums, scores);
}
