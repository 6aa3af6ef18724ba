import { makeAdam } from './adam.ts';
import { FEATURE_COUNT } from './features.ts';
import { makeGradient } from './gradient.ts';
import type { Parameters } from './parameters.ts';
import { makeRandom, shuffled } from './random.ts';
import { type Reranker, weightCount } from './reranker.ts';
import type { SampleSet } from './sample-set.ts';

const BATCH = 64;
const WARM_UP_BATCHES = 200;

/**
 * Learns a re-ranker: softmax cross-entropy over each sample's candidates, Adam, a short warm-up and a cosine to zero.
 * `hidden` 0 learns a linear one. The same samples and seed give the same weights.
 */
export function fitReranker(samples: SampleSet, fit: Parameters['fit'], hidden = fit.hidden): Reranker {
  const random = makeRandom(fit.seed);
  const { mean, deviation } = standardise(samples);
  const weights = initialWeights(hidden, random);
  const gradient = new Float64Array(weights.length);
  const addGradient = makeGradient(samples, mean, deviation, hidden);
  const adam = makeAdam(weights, fit.l2);
  const batches = Math.ceil(samples.size / BATCH);
  const all = batches * fit.epochs;
  let step = 0;
  for (let epoch = 0; epoch < fit.epochs; epoch++) {
    const order = shuffled(samples.size, random);
    for (let batch = 0; batch < batches; batch++) {
      const members = order.subarray(batch * BATCH, (batch + 1) * BATCH);
      gradient.fill(0);
      for (const sample of members) addGradient(weights, sample, 1 / members.length, gradient);
      const warm = Math.min(1, (step + 1) / Math.min(WARM_UP_BATCHES, all / 10 + 1));
      const cosine = 0.5 * (1 + Math.cos((Math.PI * step) / all));
      adam(gradient, fit.learningRate * warm * cosine);
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

/** Mean and standard deviation of each feature, over an even selection of samples. */
function standardise(samples: SampleSet): Pick<Reranker, 'mean' | 'deviation'> {
  const sum = new Float64Array(FEATURE_COUNT);
  const squares = new Float64Array(FEATURE_COUNT);
  const one = new Float64Array(FEATURE_COUNT).fill(1);
  const zero = new Float64Array(FEATURE_COUNT);
  const rows = new Float64Array(samples.widest() * FEATURE_COUNT);
  const stride = Math.max(1, Math.floor(samples.size / 5000));
  let count = 0;
  for (let sample = 0; sample < samples.size; sample += stride) {
    samples.read(sample, one, zero, rows);
    const size = samples.sizeOf(sample);
    count += size;
    for (let i = 0; i < size * FEATURE_COUNT; i++) {
      const value = rows[i] ?? 0;
      const f = i % FEATURE_COUNT;
      sum[f] = (sum[f] ?? 0) + value;
      squares[f] = (squares[f] ?? 0) + value * value;
    }
  }
  const mean = Float32Array.from(sum, (total) => total / Math.max(1, count));
  const deviation = Float32Array.from(squares, (total, f) => {
    const variance = total / Math.max(1, count) - (mean[f] ?? 0) ** 2;
    return variance > 1e-9 ? Math.sqrt(variance) : 1;
  });
  return { mean, deviation };
}
