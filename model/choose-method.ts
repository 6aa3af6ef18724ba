import { collectSamples } from './collect-samples.ts';
import type { Corpus } from './corpus.ts';
import { evaluateSpan } from './evaluate.ts';
import { fitReranker } from './fit.ts';
import { heldOutFrom } from './held-out.ts';
import { buildKnowledge } from './knowledge.ts';
import type { VectorLearner } from './learn-vectors.ts';
import type { Manifest, Method, Metrics } from './manifest.ts';
import type { Parameters } from './parameters.ts';
import { makeLearnedRanker, makeVstanRanker, type Ranker } from './ranker.ts';
import type { Reranker } from './reranker.ts';
import { SampleSet } from './sample-set.ts';

/** Samples needed before a re-ranker with a hidden layer, or a linear one, is tried. */
const HIDDEN_SAMPLES = 2000;
const LINEAR_SAMPLES = 200;
/** Sessions below which the slices are twice as wide, and fewer. */
const FEW_SESSIONS = 4000;
/** Slices of the newest sessions from which the re-ranker learns; the newest also judges. */
const SLICES = 7;
const SLICES_OF_FEW = 4;
const JUDGED_CASES = 10_000;

/** How a model is to order items, and why. */
export interface Choice {
  readonly method: Method;
  readonly evaluation: Manifest['evaluation'];
  /** What the re-ranker learned from, the judging slice included; 0 without one. */
  readonly samples: number;
  /** Present where the method is `hidden` or `linear`. */
  readonly reranker: Reranker | undefined;
}

/** The share of sessions, the newest, that methods are judged on. */
export function judgedShare(sessionCount: number): number {
  return sessionCount < FEW_SESSIONS ? 0.1 : 0.05;
}

/** Learns from the slices before the newest, and judges on the newest `judged` share of sessions. */
export function chooseMethod(
  corpus: Corpus,
  parameters: Parameters,
  onProgress: (step: string) => void,
  learnVectors: VectorLearner,
  judged = judgedShare(corpus.starts.length - 1),
): Choice {
  const count = corpus.starts.length - 1;
  const width = Math.floor(count * judgedShare(count));
  const judging = { from: heldOutFrom(count, judged), to: count };
  const samples = new SampleSet();
  const evaluation: Partial<Record<Method, Metrics>> = {};
  if (width === 0) return { method: 'popularity', evaluation, samples: 0, reranker: undefined };
  for (let slice = (count < FEW_SESSIONS ? SLICES_OF_FEW : SLICES) - 1; slice > 0; slice--) {
    const span = { from: judging.from - slice * width, to: judging.from - (slice - 1) * width };
    const before = buildKnowledge(corpus, span.from, parameters, learnVectors);
    samples.append(collectSamples(corpus, before, parameters, span));
    onProgress(`${samples.size} samples`);
  }
  const knowledge = buildKnowledge(corpus, judging.from, parameters, learnVectors);
  const judge = (ranker: Ranker | undefined): Metrics =>
    evaluateSpan(corpus, judging, knowledge, ranker, { maxPrefix: parameters.maxPrefix, most: JUDGED_CASES });
  let reranker: Reranker | undefined;
  if (samples.size >= LINEAR_SAMPLES) {
    const name = samples.size >= HIDDEN_SAMPLES ? 'hidden' : 'linear';
    reranker = fitReranker(samples, parameters.fit, name === 'linear' ? { hidden: 0 } : {});
    evaluation[name] = judge(makeLearnedRanker(knowledge, parameters, reranker));
  }
  evaluation.vstan = judge(makeVstanRanker(knowledge, parameters));
  evaluation.popularity = judge(undefined);
  for (const [name, metrics] of Object.entries(evaluation))
    onProgress(`${name}: HR@20 ${metrics.hr20.toFixed(4)}, MRR@20 ${metrics.mrr20.toFixed(4)}`);
  const method = bestOf(evaluation);
  if (!reranker || method === 'vstan' || method === 'popularity')
    return { method, evaluation, samples: 0, reranker: undefined };
  samples.append(collectSamples(corpus, knowledge, parameters, judging));
  const refreshed = fitReranker(samples, parameters.fit, { from: reranker });
  return { method, evaluation, samples: samples.size, reranker: refreshed };
}

/** The method with the best sum of HR and MRR; where two are level, the simpler. */
function bestOf(evaluation: Partial<Record<Method, Metrics>>): Method {
  const value = (metrics: Metrics): number => metrics.hr20 + metrics.mrr20;
  const order: readonly Method[] = ['popularity', 'vstan', 'linear', 'hidden'];
  let best: Method = 'popularity';
  for (const method of order) {
    const metrics = evaluation[method];
    const leader = evaluation[best];
    if (metrics && leader && value(metrics) > value(leader)) best = method;
  }
  return best;
}
