import {
  CONTEXT_COUNT,
  FEATURE_COUNT,
  type FeatureTable,
  makeFeatureTable,
  ROW_COUNT,
  SEEN_COUNT,
} from './features.ts';
import { CONTEXT_AT, forward, LEAK, SEEN_AT, UNIT_STRIDE } from './reranker.ts';
import type { SampleSet, Standard } from './sample-set.ts';

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

export function makeGradient(samples: SampleSet, standard: Standard, hidden: number): AddGradient {
  const widest = samples.widest();
  const features = makeFeatureTable(widest);
  const sums = new Float64Array(widest * hidden);
  const scores = new Float64Array(widest);
  const backs = new Float64Array(hidden);
  const own = new Float64Array(hidden);

  return (weights, sample, share, gradient) => {
    const label = samples.labelOf(sample);
    samples.read(sample, standard, features);
    forward(weights, hidden, features, sums, scores);
    softmax(scores, features.size);
    backs.fill(0);
    for (let c = 0; c < features.size; c++) {
      const error = (scores[c] ?? 0) - (c === label ? 1 : 0);
      if (error < NEGLIGIBLE && error > -NEGLIGIBLE) continue;
      backward(weights, hidden, features, c, sums, share * error, backs, own, gradient);
    }
    for (let unit = 0; unit < hidden; unit++) {
      const at = FEATURE_COUNT + unit * UNIT_STRIDE;
      const back = backs[unit] ?? 0;
      gradient[at] = (gradient[at] ?? 0) + back;
      addScaled(features.context, 0, CONTEXT_COUNT, back, gradient, at + 2 + CONTEXT_AT);
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

/**
 * Adds what candidate `c` contributes; `error` is the loss's derivative by its score. The derivatives by the units'
 * sums are left in `own` and added to `backs`: through these come the parts that all candidates share. Four units at a time, as in forward.
 */
function backward(
  weights: Float64Array,
  hidden: number,
  { seenSize, rows, seen }: FeatureTable,
  c: number,
  sums: Float64Array,
  error: number,
  backs: Float64Array,
  own: Float64Array,
  gradient: Float64Array,
): void {
  const isSeen = c < seenSize;
  addScaled(rows, c * ROW_COUNT, ROW_COUNT, error, gradient, 0);
  if (isSeen) addScaled(seen, c * SEEN_COUNT, SEEN_COUNT, error, gradient, SEEN_AT);
  for (let unit = 0; unit < hidden; unit++) {
    const at = FEATURE_COUNT + unit * UNIT_STRIDE;
    const sum = sums[c * hidden + unit] ?? 0;
    const active = sum < 0 ? LEAK : 1;
    const back = error * (weights[at + 1] ?? 0) * active;
    gradient[at + 1] = (gradient[at + 1] ?? 0) + error * active * sum;
    backs[unit] = (backs[unit] ?? 0) + back;
    own[unit] = back;
  }
  for (let unit = 0; unit < hidden; unit += 4) {
    const at = FEATURE_COUNT + unit * UNIT_STRIDE + 2;
    addToFour(rows, c * ROW_COUNT, ROW_COUNT, own, unit, gradient, at);
    if (isSeen) addToFour(seen, c * SEEN_COUNT, SEEN_COUNT, own, unit, gradient, at + SEEN_AT);
  }
}

/** Adds features, times each of four units' derivatives, to the units' rows of the gradient. */
function addToFour(
  from: Float64Array,
  start: number,
  length: number,
  own: Float64Array,
  unit: number,
  gradient: Float64Array,
  at: number,
): void {
  const b = at + UNIT_STRIDE;
  const d = b + UNIT_STRIDE;
  const e = d + UNIT_STRIDE;
  const backA = own[unit] ?? 0;
  const backB = own[unit + 1] ?? 0;
  const backD = own[unit + 2] ?? 0;
  const backE = own[unit + 3] ?? 0;
  for (let f = 0; f < length; f++) {
    const z = from[start + f] ?? 0;
    gradient[at + f] = (gradient[at + f] ?? 0) + backA * z;
    gradient[b + f] = (gradient[b + f] ?? 0) + backB * z;
    gradient[d + f] = (gradient[d + f] ?? 0) + backD * z;
    gradient[e + f] = (gradient[e + f] ?? 0) + backE * z;
  }
}

function addScaled(
  from: Float64Array,
  start: number,
  length: number,
  factor: number,
  to: Float64Array,
  at: number,
): void {
  for (let f = 0; f < length; f++) to[at + f] = (to[at + f] ?? 0) + factor * (from[start + f] ?? 0);
}
