import { describe, expect, it } from 'vitest';
import { FEATURE_COUNT } from './features.ts';
import { fitReranker } from './fit.ts';
import { makeGradient } from './gradient.ts';
import { DEFAULT_PARAMETERS } from './parameters.ts';
import { makeRandom } from './random.ts';
import { makeRerankerScorer, weightCount } from './reranker.ts';
import { SampleSet } from './sample-set.ts';

const CANDIDATES = 6;

/** Samples whose label is the candidate that a rule prefers. */
function samplesBy(rule: (row: Float64Array) => number, count: number): SampleSet {
  const random = makeRandom(5);
  const samples = new SampleSet();
  for (let sample = 0; sample < count; sample++) {
    const rows = Float64Array.from({ length: CANDIDATES * FEATURE_COUNT }, () => random() * 2 - 1);
    samples.add(rows, CANDIDATES, bestRow(rows, rule));
  }
  return samples;
}

function bestRow(rows: Float64Array, rule: (row: Float64Array) => number): number {
  let best = 0;
  const value = (at: number): number => rule(rows.subarray(at * FEATURE_COUNT, (at + 1) * FEATURE_COUNT));
  for (let at = 1; at < CANDIDATES; at++) if (value(at) > value(best)) best = at;
  return best;
}

describe('makeGradient', () => {
  it.each([0, 4])('is the derivative of the loss, with %i hidden units', (hidden) => {
    const samples = samplesBy((row) => row[0] ?? 0, 1);
    const mean = new Float32Array(FEATURE_COUNT).fill(0.1);
    const deviation = new Float32Array(FEATURE_COUNT).fill(0.8);
    const random = makeRandom(9);
    const weights = Float64Array.from({ length: weightCount(hidden) }, () => random() - 0.5);
    const gradient = new Float64Array(weights.length);
    makeGradient(samples, mean, deviation, hidden)(weights, 0, 1, gradient);
    const rows = new Float64Array(CANDIDATES * FEATURE_COUNT);
    samples.read(0, new Float64Array(FEATURE_COUNT).fill(1), new Float64Array(FEATURE_COUNT), rows);
    const loss = (): number => {
      const scores = new Float64Array(CANDIDATES);
      makeRerankerScorer({ hidden, mean, deviation, weights: Float32Array.from(weights) }, CANDIDATES)(
        rows,
        CANDIDATES,
        scores,
      );
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      return Math.log(total) - (scores[samples.labelOf(0)] ?? 0);
    };
    for (let at = 0; at < weights.length; at++) {
      const weight = weights[at] ?? 0;
      weights[at] = weight + 1e-3;
      const above = loss();
      weights[at] = weight - 1e-3;
      const below = loss();
      weights[at] = weight;
      expect(Math.abs((above - below) / 2e-3 - (gradient[at] ?? 0))).toBeLessThan(5e-3);
    }
  });
});

describe('fitReranker', () => {
  const rules = [
    {
      name: 'a linear rule',
      least: 0.75,
      hidden: 0,
      rule: (row: Float64Array) => (row[3] ?? 0) - 2 * (row[7] ?? 0),
    },
    // Chance, and all that a linear re-ranker can do here, is 0.17.
    {
      name: 'a rule with a kink',
      least: 0.6,
      hidden: 8,
      rule: (row: Float64Array) => -Math.abs(row[3] ?? 0),
    },
  ];
  it.each(rules)('learns $name', ({ hidden, rule, least }) => {
    const fit = { ...DEFAULT_PARAMETERS.fit, epochs: 10 };
    const score = makeRerankerScorer(fitReranker(samplesBy(rule, 3000), fit, hidden), CANDIDATES);
    const random = makeRandom(77);
    let right = 0;
    for (let trial = 0; trial < 300; trial++) {
      const rows = Float64Array.from({ length: CANDIDATES * FEATURE_COUNT }, () => random() * 2 - 1);
      const scores = new Float64Array(CANDIDATES);
      score(rows, CANDIDATES, scores);
      if (scores.indexOf(Math.max(...scores)) === bestRow(rows, rule)) right++;
    }
    expect(right / 300).toBeGreaterThan(least);
  });

  it('gives the same weights for the same samples and seed, others for another seed', () => {
    const samples = samplesBy((row) => row[0] ?? 0, 300);
    const { fit } = DEFAULT_PARAMETERS;
    expect(fitReranker(samples, fit).weights).toEqual(fitReranker(samples, fit).weights);
    expect(fitReranker(samples, { ...fit, seed: 2 }).weights).not.toEqual(fitReranker(samples, fit).weights);
  });
});
