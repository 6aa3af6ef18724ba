import { FEATURE_COUNT } from './features.ts';
import { forward, LEAK, UNIT_STRIDE } from './reranker.ts';
import type { SampleSet } from './sample-set.ts';

/** A candidate whose probability is off by less than this teaches nothing. */
const NEGLIGIBLE = 1e-3;

/**
 * Adds the gradient of one sample's loss (softmax cross-entropy over its candidates) times `share` to `gradient`.
 * Weights are laid out as in reranker.ts.
 */
export type AddGradient = (
  weights: Float64Array,
  sample: number,
  share: number,
  gradient: Float64Array,
) => void;

export function makeGradient(
  samples: SampleSet,
  mean: Float32Array,
  deviation: Float32Array,
  hidden: number,
): AddGradient {
  const widest = samples.widest();
  const scale = Float64Array.from(deviation, (value) => 1 / value);
  const shift = Float64Array.from(mean, (value, f) => -value * (scale[f] ?? 0));
  const rows = new Float64Array(widest * FEATURE_COUNT);
  const sums = new Float64Array(widest * hidden);
  const scores = new Float64Array(widest);

  return (weights, sample, share, gradient) => {
    const size = samples.sizeOf(sample);
    const label = samples.labelOf(sample);
    samples.read(sample, scale, shift, rows);
    forward(weights, hidden, rows, size, sums, scores);
    softmax(scores, size);
    for (let c = 0; c < size; c++) {
      const error = (scores[c] ?? 0) - (c === label ? 1 : 0);
      if (error < NEGLIGIBLE && error > -NEGLIGIBLE) continue;
      backward(weights, hidden, rows, c, sums, share * error, gradient);
    }
  };
}

/** Turns scores into probabilities. */
function softmax(scores: Float64Array, size: number): void {
  let best = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < size; c++) best = Math.max(best, scores[c] ?? 0);
  let total = 0;
  for (let c = 0; c < size; c++) {
    const value = Math.exp((scores[c] ?? 0) - best);
    scores[c] = value;
    total += value;
  }
  for (let c = 0; c < size; c++) scores[c] = (scores[c] ?? 0) / total;
}

/** Adds what candidate `c` contributes; `error` is the loss's derivative by its score. */
function backward(
  weights: Float64Array,
  hidden: number,
  rows: Float64Array,
  c: number,
  sums: Float64Array,
  error: number,
  gradient: Float64Array,
): void {
  const row = c * FEATURE_COUNT;
  for (let f = 0; f < FEATURE_COUNT; f++) gradient[f] = (gradient[f] ?? 0) + error * (rows[row + f] ?? 0);
  for (let unit = 0; unit < hidden; unit += 2) {
    const a = FEATURE_COUNT + unit * UNIT_STRIDE;
    const b = a + UNIT_STRIDE;
    const backA = backThrough(weights, a, sums[c * hidden + unit] ?? 0, error, gradient);
    const backB = backThrough(weights, b, sums[c * hidden + unit + 1] ?? 0, error, gradient);
    for (let f = 0; f < FEATURE_COUNT; f++) {
      const z = rows[row + f] ?? 0;
      gradient[a + 2 + f] = (gradient[a + 2 + f] ?? 0) + backA * z;
      gradient[b + 2 + f] = (gradient[b + 2 + f] ?? 0) + backB * z;
    }
  }
}

/** Adds to a unit's bias and output weight; returns the derivative by the unit's sum. */
function backThrough(
  weights: Float64Array,
  unit: number,
  sum: number,
  error: number,
  gradient: Float64Array,
): number {
  const active = sum < 0 ? LEAK : 1;
  const back = error * (weights[unit + 1] ?? 0) * active;
  gradient[unit] = (gradient[unit] ?? 0) + back;
  gradient[unit + 1] = (gradient[unit + 1] ?? 0) + error * active * sum;
  return back;
}
