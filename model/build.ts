import { createHash } from 'node:crypto';
import { type Artifact, sealArtifact } from './artifact.ts';
import type { CleaningLimits } from './clean-session.ts';
import { collectSamples } from './collect-samples.ts';
import { type Corpus, readCorpus } from './corpus.ts';
import { evaluateSpan } from './evaluate.ts';
import { fitReranker } from './fit.ts';
import { buildKnowledge } from './knowledge.ts';
import type { Manifest, Method, Metrics } from './manifest.ts';
import { DEFAULT_PARAMETERS, type Parameters } from './parameters.ts';
import { makeLearnedRanker, makeVstanRanker, type Ranker } from './ranker.ts';
import type { Reranker } from './reranker.ts';
import { SampleSet } from './sample-set.ts';
import type { TrainingSession } from './session.ts';

export interface BuildOptions {
  readonly parameters?: Parameters;
  /** Default: derived from the time and the content. */
  readonly version?: string;
  readonly clock?: () => number;
  readonly limits?: Partial<CleaningLimits>;
  /** Hears what is being done, for a person. */
  readonly onProgress?: (step: string) => void;
}

/** Samples needed before a re-ranker with a hidden layer, or a linear one, is tried. */
const HIDDEN_SAMPLES = 2000;
const LINEAR_SAMPLES = 200;
/** Sessions below which the slices are twice as wide. */
const FEW_SESSIONS = 4000;
/** Slices of the newest sessions from which the re-ranker learns; the newest also judges. */
const SLICES = 4;
const JUDGED_CASES = 10_000;
const POPULAR = 200;
const DAY_MS = 86_400_000;

/** What cleaning lets through, unless told otherwise: 500 clicks a session, times from 2000 to tomorrow. */
export function cleaningLimits(now: number, limits: Partial<CleaningLimits> = {}): CleaningLimits {
  return { maxClicks: 500, maxIdLength: 128, earliest: Date.UTC(2000), latest: now + DAY_MS, ...limits };
}

/**
 * Trains a model. Sessions come oldest first, or with times. Which method orders the items is decided on the newest
 * slice of sessions, which the methods judged have not seen; then the winner learns from all of them.
 */
export async function buildModel(
  sessions: Iterable<TrainingSession> | AsyncIterable<TrainingSession>,
  options: BuildOptions = {},
): Promise<Artifact> {
  const { parameters = DEFAULT_PARAMETERS, clock = Date.now, onProgress = () => undefined } = options;
  const now = clock();
  const corpus = await readCorpus(sessions, cleaningLimits(now, options.limits));
  const count = corpus.starts.length - 1;
  onProgress(`read ${count} sessions, ${corpus.clicks.length} clicks, ${corpus.itemIds.length} items`);
  const trial = tryMethods(corpus, parameters, onProgress);
  const learned = trial.method === 'hidden' || trial.method === 'linear';
  const reranker = learned
    ? fitReranker(trial.samples, parameters.fit, trial.method === 'linear' ? 0 : parameters.fit.hidden)
    : undefined;
  onProgress(`chose ${trial.method}`);
  const knowledge = buildKnowledge(corpus, count, parameters);
  const popular = Array.from(knowledge.popular.subarray(0, POPULAR), (item) => corpus.itemIds[item] ?? '');
  return sealArtifact(
    { parameters, itemIds: corpus.itemIds, knowledge, reranker },
    {
      model_version: options.version ?? versionOf(corpus, now),
      created_at: new Date(now).toISOString(),
      method: trial.method,
      counts: {
        sessions: count,
        clicks: corpus.clicks.length,
        items: corpus.itemIds.length,
        rejected: corpus.rejected,
        samples: reranker ? trial.samples.size : 0,
      },
      ...(corpus.newest !== undefined && { newest_session_at: new Date(corpus.newest).toISOString() }),
      parameters: parameters as unknown as Manifest['parameters'],
      evaluation: trial.evaluation,
      popular,
    },
  );
}

interface Trial {
  readonly method: Method;
  readonly evaluation: Manifest['evaluation'];
  /** Of all slices, the judging one included. */
  readonly samples: SampleSet;
}

/** Learns from the slices before the newest, and judges on the newest. */
function tryMethods(corpus: Corpus, parameters: Parameters, onProgress: (step: string) => void): Trial {
  const count = corpus.starts.length - 1;
  const width = Math.floor(count * (count < FEW_SESSIONS ? 0.1 : 0.05));
  const samples = new SampleSet();
  const evaluation: Partial<Record<Method, Metrics>> = {};
  if (width === 0) return { method: 'popularity', evaluation, samples };
  for (let slice = SLICES; slice > 1; slice--) {
    const span = { from: count - slice * width, to: count - (slice - 1) * width };
    samples.append(collectSamples(corpus, buildKnowledge(corpus, span.from, parameters), parameters, span));
    onProgress(`${samples.size} samples`);
  }
  const judging = { from: count - width, to: count };
  const knowledge = buildKnowledge(corpus, judging.from, parameters);
  const judge = (ranker: Ranker | undefined): Metrics =>
    evaluateSpan(corpus, judging, knowledge, ranker, { maxPrefix: parameters.maxPrefix, most: JUDGED_CASES });
  const learned = (reranker: Reranker) => judge(makeLearnedRanker(knowledge, parameters, reranker));
  if (samples.size >= HIDDEN_SAMPLES) evaluation.hidden = learned(fitReranker(samples, parameters.fit));
  else if (samples.size >= LINEAR_SAMPLES)
    evaluation.linear = learned(fitReranker(samples, parameters.fit, 0));
  evaluation.vstan = judge(makeVstanRanker(knowledge, parameters));
  evaluation.popularity = judge(undefined);
  const method = bestOf(evaluation);
  for (const [name, metrics] of Object.entries(evaluation))
    onProgress(`${name}: HR@20 ${metrics.hr20.toFixed(4)}, MRR@20 ${metrics.mrr20.toFixed(4)}`);
  if (method === 'hidden' || method === 'linear')
    samples.append(collectSamples(corpus, knowledge, parameters, judging));
  return { method, evaluation, samples };
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

/** `20261121T093000Z-` and eight digits that depend on the clicks. */
function versionOf(corpus: Corpus, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const hash = createHash('sha256').update(corpus.itemIds.join('\n')).update(corpus.clicks).digest('hex');
  return `${time}-${hash.slice(0, 8)}`;
}
