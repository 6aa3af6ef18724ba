import { makeAdam } from './adam.ts';
import { CONTEXT_COUNT, FEATURE_COUNT, makeFeatureTable, ROW_COUNT, SEEN_COUNT } from './features.ts';
import { makeGradient } from './gradient.ts';
import type { Parameters } from './parameters.ts';
import { makeRandom, shuffled } from './random.ts';
import { CONTEXT_AT, type Reranker, SEEN_AT, weightCount } from './reranker.ts';
import type { SampleSet } from './sample-set.ts';

const BATCH = 64;
const WARM_UP_BATCHES = 200;
/** Share of the learning rate when weights are brought up to date. */
const REFRESH = 0.5;

/** How to learn, where not from nothing with the parameters' hidden units. */
export interface FitOptions {
  /** 0 learns a linear re-ranker. */
  readonly hidden?: number;
  /** A re-ranker of fewer samples of the same kind, which one epoch more of all of them brings up to date. */
  readonly from?: Reranker;
  /** Features that it is not to see. */
  readonly without?: ReadonlySet<number>;
}

/**
 * Learns a re-ranker: softmax cross-entropy over each sample's candidates, Adam, a short warm-up and a cosine to zero.
 * The same samples and seed give the same weights.
 */
export function fitReranker(samples: SampleSet, fit: Parameters['fit'], options: FitOptions = {}): Reranker {
  const { from, without } = options;
  const hidden = from?.hidden ?? options.hidden ?? fit.hidden;
  const epochs = from ? 1 : fit.epochs;
  const random = makeRandom(fit.seed);
  const { mean, deviation } = from ?? standardise(samples, without);
  const weights = from ? Float64Array.from(from.weights) : initialWeights(hidden, random);
  const gradient = new Float64Array(weights.length);
  const scale = Float64Array.from(deviation, (value) => 1 / value);
  const shift = Float64Array.from(mean, (value, f) => -value * (scale[f] ?? 0));
  const addGradient = makeGradient(samples, { scale, shift }, hidden);
  const adam = makeAdam(weights, fit.l2);
  const batches = Math.ceil(samples.size / BATCH);
  const all = batches * epochs;
  const rate = fit.learningRate * (from ? REFRESH : 1);
  let step = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const order = shuffled(samples.size, random);
    for (let batch = 0; batch < batches; batch++) {
      const members = order.subarray(batch * BATCH, (batch + 1) * BATCH);
      gradient.fill(0);
      for (const sample of members) addGradient(weights, sample, 1 / members.length, gradient);
      const warm = Math.min(1, (step + 1) / Math.min(WARM_UP_BATCHES, all / 10 + 1));
      const cosine = 0.5 * (1 + Math.cos((Math.PI * step) / all));
      adam(gradient, rate * warm * cosine);
      step++;
    }
  }
  return { hidden, mean, deviation, weights: Float32Array.from(weights) };
}

/** Small random weights; the linear part starts at zero. */
function initialWeights(hidden: number, random: () => number): Float64Array {
  const weights = new Float64Array(weightCount(hidden));
  const spread = 1 / Math.sqrt(FEATURE_COUNT);
  for (let at = FEATURE_COUNT; at < weights.length; at++)
    weights[at] = (random() + random() + random() - 1.5) * 2 * spread;
  return weights;
}

/**
 * Mean and standard deviation of each feature, over an even selection of samples. The mean of what is seen is zero; a
 * feature left out has an endless deviation, which makes it zero for every candidate.
 */
function standardise(
  samples: SampleSet,
  without: ReadonlySet<number> = new Set(),
): Pick<Reranker, 'mean' | 'deviation'> {
  const raw = {
    scale: new Float64Array(FEATURE_COUNT).fill(1),
    shift: new Float64Array(FEATURE_COUNT),
  };
  const sum = new Float64Array(FEATURE_COUNT);
  const squares = new Float64Array(FEATURE_COUNT);
  const counts = new Float64Array(FEATURE_COUNT);
  const table = makeFeatureTable(samples.widest());
  const tally = (values: Float64Array, length: number, width: number, first: number): void => {
    for (let i = 0; i < length; i++) {
      const f = first + (i % width);
      const value = values[i] ?? 0;
      sum[f] = (sum[f] ?? 0) + value;
      squares[f] = (squares[f] ?? 0) + value * value;
      counts[f] = (counts[f] ?? 0) + 1;
    }
  };
  const stride = Math.max(1, Math.floor(samples.size / 5000));
  for (let sample = 0; sample < samples.size; sample += stride) {
    samples.read(sample, raw, table);
    tally(table.rows, table.size * ROW_COUNT, ROW_COUNT, 0);
    tally(table.seen, table.seenSize * SEEN_COUNT, SEEN_COUNT, SEEN_AT);
    tally(table.context, CONTEXT_COUNT, CONTEXT_COUNT, CONTEXT_AT);
  }
  const mean = Float32Array.from(sum, (total, f) =>
    f >= SEEN_AT && f < CONTEXT_AT ? 0 : total / Math.max(1, counts[f] ?? 0),
  );
  const deviation = Float32Array.from(squares, (total, f) => {
    if (without.has(f)) return Number.POSITIVE_INFINITY;
    const variance = total / Math.max(1, counts[f] ?? 0) - (mean[f] ?? 0) ** 2;
    return variance > 1e-9 ? Math.sqrt(variance) : 1;
  });
  return { mean, deviation };
}
