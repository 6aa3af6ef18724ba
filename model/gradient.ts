import { FEATURE_COUNT } from './features.ts';
import { LEAK } from './reranker.ts';
import type { SampleSet } from './sample-set.ts';

/** A candidate whose probability is off by less than this teaches nothing. */
const NEGLIGIBLE = 1e-4;

/**
 * Adds the gradient of one sample's loss (softmax cross-entropy over its candidates) times `share` to `gradient`.
 * Weights are laid out as in reranker.ts.
 */
export type AddGradient = (
  weights: Float32Array,
  sample: number,
  share: number,
  gradient: Float32Array,
) => void;

export function makeGradient(
  samples: SampleSet,
  mean: Float32Array,
  deviation: Float32Array,
  hidden: number,
): AddGradient {
  const widest = samples.widest();
  const scale = deviation.map((value) => 1 / value);
  const shift = mean.map((value, f) => -value * (scale[f] ?? 0));
  const rows = new Float32Array(widest * FEATURE_COUNT);
  const sums = new Float32Array(widest * hidden);
  const scores = new Float32Array(widest);
  const stride = FEATURE_COUNT + 2;

  const forward = (weights: Float32Array, size: number): void => {
    for (let c = 0; c < size; c++) {
      const row = c * FEATURE_COUNT;
      let score = 0;
      for (let f = 0; f < FEATURE_COUNT; f++) score += (weights[f] ?? 0) * (rows[row + f] ?? 0);
      for (let unit = 0; unit < hidden; unit++) {
        const at = FEATURE_COUNT + unit * stride;
        let sum = weights[at] ?? 0;
        for (let f = 0; f < FEATURE_COUNT; f++) sum += (weights[at + 2 + f] ?? 0) * (rows[row + f] ?? 0);
        sums[c * hidden + unit] = sum;
        score += (weights[at + 1] ?? 0) * (sum < 0 ? LEAK * sum : sum);
      }
      scores[c] = score;
    }
  };

  const softmax = (size: number): void => {
    let best = Number.NEGATIVE_INFINITY;
    for (let c = 0; c < size; c++) best = Math.max(best, scores[c] ?? 0);
    let total = 0;
    for (let c = 0; c < size; c++) {
      const value = Math.exp((scores[c] ?? 0) - best);
      scores[c] = value;
      total += value;
    }
    for (let c = 0; c < size; c++) scores[c] = (scores[c] ?? 0) / total;
  };

  return (weights, sample, share, gradient) => {
    const size = samples.sizeOf(sample);
    const label = samples.labelOf(sample);
    samples.read(sample, scale, shift, rows);
    forward(weights, size);
    softmax(size);
    for (let c = 0; c < size; c++) {
      const error = share * ((scores[c] ?? 0) - (c === label ? 1 : 0));
      if (Math.abs(error) < share * NEGLIGIBLE) continue;
      const row = c * FEATURE_COUNT;
      for (let f = 0; f < FEATURE_COUNT; f++) gradient[f] = (gradient[f] ?? 0) + error * (rows[row + f] ?? 0);
      for (let unit = 0; unit < hidden; unit++) {
        const at = FEATURE_COUNT + unit * stride;
        const sum = sums[c * hidden + unit] ?? 0;
        const active = sum < 0 ? LEAK : 1;
        gradient[at + 1] = (gradient[at + 1] ?? 0) + error * active * sum;
        const back = error * (weights[at + 1] ?? 0) * active;
        gradient[at] = (gradient[at] ?? 0) + back;
        for (let f = 0; f < FEATURE_COUNT; f++)
          gradient[at + 2 + f] = (gradient[at + 2 + f] ?? 0) + back * (rows[row + f] ?? 0);
      }
    }
  };
}
