import { describe, expect, it } from 'vitest';
import {
  CONTEXT_COUNT,
  FEATURE_COUNT,
  type FeatureTable,
  makeFeatureTable,
  ROW_COUNT,
  SEEN_COUNT,
} from './features.ts';
import { fitReranker } from './fit.ts';
import { makeGradient } from './gradient.ts';
import { DEFAULT_PARAMETERS } from './parameters.ts';
import { makeRandom } from './random.ts';
import { makeRerankerScorer, type Reranker, weightCount } from './reranker.ts';
import { SampleSet } from './sample-set.ts';

const CANDIDATES = 6;
const SEEN = 2;

/** What makes a candidate the next one. */
type Rule = (features: FeatureTable, candidate: number) => number;

const row = ({ rows }: FeatureTable, candidate: number, feature: number): number =>
  rows[candidate * ROW_COUNT + feature] ?? 0;

function randomTable(random: () => number): FeatureTable {
  const table = makeFeatureTable(CANDIDATES);
  table.size = CANDIDATES;
  table.seenSize = SEEN;
  for (const values of [table.rows, table.seen, table.context])
    for (const at of values.keys()) values[at] = random() * 2 - 1;
  for (let c = 0; c < SEEN; c++) table.seen[c * SEEN_COUNT] = 1; // the feature `seen`
  return table;
}

/** Samples whose label is the candidate that a rule prefers. */
function samplesBy(rule: Rule, count: number): SampleSet {
  const random = makeRandom(5);
  const samples = new SampleSet();
  for (let sample = 0; sample < count; sample++) {
    const table = randomTable(random);
    samples.add(table, best(table, rule));
  }
  return samples;
}

function best(table: FeatureTable, rule: Rule): number {
  let winner = 0;
  for (let c = 1; c < CANDIDATES; c++) if (rule(table, c) > rule(table, winner)) winner = c;
  return winner;
}

/** Share of 300 new tables in which a re-ranker finds what the rule prefers. */
function accuracy(reranker: Reranker, rule: Rule): number {
  const score = makeRerankerScorer(reranker, CANDIDATES);
  const random = makeRandom(77);
  let right = 0;
  for (let trial = 0; trial < 300; trial++) {
    const table = randomTable(random);
    const scores = new Float64Array(CANDIDATES);
    score(table, scores);
    if (scores.indexOf(Math.max(...scores)) === best(table, rule)) right++;
  }
  return right / 300;
}

describe('makeGradient', () => {
  it.each([0, 4])('is the derivative of the loss, with %i hidden units', (hidden) => {
    const samples = samplesBy((table, c) => row(table, c, 0), 1);
    const mean = new Float32Array(FEATURE_COUNT).fill(0.1);
    const deviation = new Float32Array(FEATURE_COUNT).fill(0.8);
    const standard = {
      scale: new Float64Array(FEATURE_COUNT).fill(1 / 0.8),
      shift: new Float64Array(FEATURE_COUNT).fill(-0.1 / 0.8),
    };
    // What is seen has no mean: a candidate without such features has zeros.
    mean.fill(0, ROW_COUNT, FEATURE_COUNT - CONTEXT_COUNT);
    standard.shift.fill(0, ROW_COUNT, FEATURE_COUNT - CONTEXT_COUNT);
    const random = makeRandom(9);
    const weights = Float64Array.from({ length: weightCount(hidden) }, () => random() - 0.5);
    const gradient = new Float64Array(weights.length);
    makeGradient(samples, standard, hidden)(weights, 0, 1, gradient);
    const table = makeFeatureTable(CANDIDATES);
    const raw = { scale: new Float64Array(FEATURE_COUNT).fill(1), shift: new Float64Array(FEATURE_COUNT) };
    samples.read(0, raw, table);
    const loss = (): number => {
      const scores = new Float64Array(CANDIDATES);
      const reranker = { hidden, mean, deviation, weights: Float32Array.from(weights) };
      makeRerankerScorer(reranker, CANDIDATES)(table, scores);
      const total = scores.reduce((sum, score) => sum + Math.exp(score), 0);
      return Math.log(total) - (scores[samples.labelOf(0)] ?? 0);
    };
    let largest = 0;
    for (let at = 0; at < weights.length; at++) {
      const weight = weights[at] ?? 0;
      weights[at] = weight + 1e-3;
      const above = loss();
      weights[at] = weight - 1e-3;
      const below = loss();
      weights[at] = weight;
      expect(Math.abs((above - below) / 2e-3 - (gradient[at] ?? 0))).toBeLessThan(5e-3);
      largest = Math.max(largest, Math.abs(gradient[at] ?? 0));
    }
    expect(largest).toBeGreaterThan(0.1);
  });
});

describe('fitReranker', () => {
  const rules: readonly { name: string; least: number; hidden: number; rule: Rule }[] = [
    {
      name: 'a linear rule',
      least: 0.7,
      hidden: 0,
      rule: (table, c) => row(table, c, 3) - 2 * row(table, c, 7),
    },
    // Chance, and all that a linear re-ranker can do in the next two, is 0.17.
    { name: 'a rule with a kink', least: 0.6, hidden: 8, rule: (table, c) => -Math.abs(row(table, c, 3)) },
    {
      name: 'a rule that the session turns round',
      least: 0.6,
      hidden: 8,
      rule: (table, c) => row(table, c, 3) * Math.sign(table.context[1] ?? 0),
    },
    {
      name: 'a rule that prefers what was seen',
      least: 0.75,
      hidden: 0,
      rule: (table, c) => (c < SEEN ? 2 + (table.seen[c * SEEN_COUNT + 2] ?? 0) : 0),
    },
  ];
  it.each(rules)('learns $name', ({ hidden, rule, least }) => {
    const fit = { ...DEFAULT_PARAMETERS.fit, epochs: 10 };
    expect(accuracy(fitReranker(samplesBy(rule, 2000), fit, { hidden }), rule)).toBeGreaterThan(least);
  });

  it('gives the same weights for the same samples and seed, others for another seed', () => {
    const samples = samplesBy((table, c) => row(table, c, 0), 300);
    const { fit } = DEFAULT_PARAMETERS;
    expect(fitReranker(samples, fit).weights).toEqual(fitReranker(samples, fit).weights);
    expect(fitReranker(samples, { ...fit, seed: 2 }).weights).not.toEqual(fitReranker(samples, fit).weights);
  });

  it('brings weights up to date with more samples', () => {
    const rule: Rule = (table, c) => row(table, c, 3);
    const fit = { ...DEFAULT_PARAMETERS.fit, epochs: 2 };
    const older = fitReranker(samplesBy(rule, 500), fit);
    const newer = fitReranker(samplesBy(rule, 3000), fit, { from: older });
    expect(newer.hidden).toBe(older.hidden);
    expect(newer.mean).toBe(older.mean);
    expect(accuracy(newer, rule)).toBeGreaterThan(accuracy(older, rule));
  });

  it('does not see a feature that is left out', () => {
    const rule: Rule = (table, c) => row(table, c, 3);
    const fit = { ...DEFAULT_PARAMETERS.fit, epochs: 10 };
    const blind = fitReranker(samplesBy(rule, 1000), fit, { hidden: 0, without: new Set([3]) });
    expect(accuracy(blind, rule)).toBeLessThan(0.35); // chance is 0.17
    expect(accuracy(fitReranker(samplesBy(rule, 3000), fit, { hidden: 0 }), rule)).toBeGreaterThan(0.7);
  });
});
