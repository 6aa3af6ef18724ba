import { FEATURE_COUNT } from './features.ts';

/**
 * The learned order: score = w · z + v · leaky(W z + b), where z are the standardised features and leaky has slope 0.1
 * below zero. With no hidden units it is linear.
 */
export interface Reranker {
  readonly hidden: number;
  /** Standardisation: z = (x - mean) / deviation. */
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  /** w, then for each hidden unit its bias, its output weight, and its row of W. */
  readonly weights: Float32Array;
}

export const LEAK = 0.1;

/** Length of `weights`. */
export function weightCount(hidden: number): number {
  return FEATURE_COUNT + hidden * (FEATURE_COUNT + 2);
}

/** Scores `count` rows of raw features into `scores`. The standardisation is folded into the weights. */
export function makeRerankerScorer(
  reranker: Reranker,
): (rows: Float32Array, count: number, scores: Float32Array) => void {
  const { hidden } = reranker;
  const units = hidden + 1;
  const linear = new Float32Array(units * FEATURE_COUNT);
  const bias = new Float32Array(units);
  const output = new Float32Array(units);
  for (let unit = 0; unit < units; unit++) {
    const at = unit === 0 ? 0 : FEATURE_COUNT + (unit - 1) * (FEATURE_COUNT + 2);
    const row = unit === 0 ? 0 : at + 2;
    bias[unit] = unit === 0 ? 0 : (reranker.weights[at] ?? 0);
    output[unit] = unit === 0 ? 1 : (reranker.weights[at + 1] ?? 0);
    for (let f = 0; f < FEATURE_COUNT; f++) {
      const weight = (reranker.weights[row + f] ?? 0) / (reranker.deviation[f] ?? 1);
      linear[unit * FEATURE_COUNT + f] = weight;
      bias[unit] = (bias[unit] ?? 0) - weight * (reranker.mean[f] ?? 0);
    }
  }
  return (rows, count, scores) => {
    for (let c = 0; c < count; c++) {
      const row = c * FEATURE_COUNT;
      let score = 0;
      for (let unit = 0; unit < units; unit++) {
        const at = unit * FEATURE_COUNT;
        let sum = bias[unit] ?? 0;
        for (let f = 0; f < FEATURE_COUNT; f++) sum += (linear[at + f] ?? 0) * (rows[row + f] ?? 0);
        score += (output[unit] ?? 0) * (unit > 0 && sum < 0 ? LEAK * sum : sum);
      }
      scores[c] = score;
    }
  };
}
