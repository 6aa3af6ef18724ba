import { collectSamples } from './collect-samples.ts';
import type { Corpus } from './corpus.ts';
import { evaluateSpan } from './evaluate.ts';
import { CONTEXT_FEATURES, ROW_FEATURES, SEEN_FEATURES } from './features.ts';
import { fitReranker } from './fit.ts';
import { buildKnowledge } from './knowledge.ts';
import { makeVectorLearner } from './learn-vectors.ts';
import type { Metrics } from './manifest.ts';
import type { Parameters } from './parameters.ts';
import { makeLearnedRanker, makeVstanRanker, type Ranker } from './ranker.ts';
import { SampleSet } from './sample-set.ts';

/** What the recipe is made of. */
export const PARTS = [
  'vstan',
  'suffix',
  'walk',
  'category',
  'affinity',
  'items',
  'signals',
  'seen',
  'session',
] as const;
export type Part = (typeof PARTS)[number];

/** Shares of the sessions: the newest judges, as many before it teach as `TEACHING`. */
const SLICE = 0.05;
const TEACHING = 3;
const TAUGHT = 8000;
const JUDGED = 10_000;

/** One way to make lists, and how good they were. */
export interface AblationRow {
  readonly name: string;
  readonly metrics: Metrics;
}

/** The numbers of the features that a part brings to the re-ranker. */
export function featuresOf(part: Part): number[] {
  const features = [...ROW_FEATURES, ...SEEN_FEATURES, ...CONTEXT_FEATURES];
  return features.flatMap((name, at) => (partOf(name, at) === part ? [at] : []));
}

function partOf(name: string, at: number): Part {
  const scorer = (['vstan', 'suffix', 'walk', 'category', 'affinity'] as const).find((part) =>
    name.includes(part),
  );
  if (scorer) return scorer;
  if (/cart|bought/.test(name)) return 'signals';
  if (at < ROW_FEATURES.length) return 'items';
  return at < ROW_FEATURES.length + SEEN_FEATURES.length ? 'seen' : 'session';
}

/**
 * What each part adds, on the newest sessions, which taught nothing: lists by the simplest method, then the linear
 * re-ranker with one part more each time, then the hidden layer with everything, and with everything but one part. A
 * part that is left out proposes no candidates, and the re-ranker does not see its features.
 */
export function ablate(
  corpus: Corpus,
  parameters: Parameters,
  onRow: (row: AblationRow) => void,
): readonly AblationRow[] {
  const count = corpus.starts.length - 1;
  const width = Math.floor(count * SLICE);
  const judged = { from: count - width, to: count };
  const quick = { ...parameters, fit: { ...parameters.fit, samplesPerSlice: TAUGHT } };
  const learnVectors = makeVectorLearner(corpus, quick.vectors);
  const samples = new SampleSet();
  for (let slice = TEACHING; slice > 0; slice--) {
    const span = { from: judged.from - slice * width, to: judged.from - (slice - 1) * width };
    const before = buildKnowledge(corpus, span.from, quick, learnVectors);
    samples.append(collectSamples(corpus, before, quick, span));
  }
  const knowledge = buildKnowledge(corpus, judged.from, quick, learnVectors);
  const rows: AblationRow[] = [];
  const judge = (name: string, ranker: Ranker | undefined): void => {
    const limits = { maxPrefix: quick.maxPrefix, most: JUDGED };
    const row = { name, metrics: evaluateSpan(corpus, judged, knowledge, ranker, limits) };
    rows.push(row);
    onRow(row);
  };
  const learned = (name: string, parts: readonly Part[], hidden: number): void => {
    const without = new Set(PARTS.filter((part) => !parts.includes(part)).flatMap(featuresOf));
    const reranker = fitReranker(samples, quick.fit, { hidden, without });
    const limit = (part: Part, limit: number): number => (parts.includes(part) ? limit : 0);
    const { vstan, walk, suffix, category } = quick.candidates;
    const candidates = {
      vstan: limit('vstan', vstan),
      walk: limit('walk', walk),
      suffix: limit('suffix', suffix),
      category: limit('category', category),
    };
    judge(name, makeLearnedRanker(knowledge, { ...quick, candidates }, reranker));
  };
  judge('popularity', undefined);
  judge('V-STAN', makeVstanRanker(knowledge, quick));
  const told = (part: Part): boolean =>
    part === 'signals' ? corpus.kinds.length > 0 : part !== 'category' || corpus.categories.length > 0;
  const all = ['vstan', 'seen', 'suffix', 'walk', 'items', 'affinity', 'category', 'signals'] as const;
  const order = all.filter(told);
  for (let parts = 2; parts <= order.length; parts++)
    learned(`linear: ${order.slice(0, parts).join(', ')}`, order.slice(0, parts), 0);
  const { hidden } = quick.fit;
  learned(`hidden layer of ${hidden}: everything`, PARTS, hidden);
  for (const left of PARTS.filter(told))
    learned(
      `everything but ${left}`,
      PARTS.filter((part) => part !== left),
      hidden,
    );
  return rows;
}
