import { createHash } from 'node:crypto';
import { type Artifact, sealArtifact } from './artifact.ts';
import { chooseMethod } from './choose-method.ts';
import type { CleaningLimits } from './clean-session.ts';
import { type Corpus, readCorpus } from './corpus.ts';
import { buildKnowledge } from './knowledge.ts';
import { makeVectorLearner } from './learn-vectors.ts';
import type { Manifest } from './manifest.ts';
import { DEFAULT_PARAMETERS, type Parameters } from './parameters.ts';
import type { TrainingSession } from './session.ts';

export interface BuildOptions {
  readonly parameters?: Parameters;
  /** Default: derived from the time and the content. */
  readonly version?: string;
  readonly clock?: () => number;
  readonly limits?: Partial<CleaningLimits>;
  /** Share of the sessions, the newest, that methods are judged on; default by their number. At most 0.1. */
  readonly judged?: number | undefined;
  /** Hears what is being done, for a person. */
  readonly onProgress?: (step: string) => void;
}

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
  const learnVectors = makeVectorLearner(corpus, parameters.vectors);
  const trial = chooseMethod(corpus, parameters, onProgress, learnVectors, options.judged);
  const { reranker } = trial;
  onProgress(`chose ${trial.method}`);
  const knowledge = buildKnowledge(corpus, count, parameters, learnVectors);
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
        samples: trial.samples,
      },
      ...(corpus.newest !== undefined && { newest_session_at: new Date(corpus.newest).toISOString() }),
      parameters: parameters as unknown as Manifest['parameters'],
      evaluation: trial.evaluation,
      popular,
    },
  );
}

/** `20261121T093000Z-` and eight digits that depend on the clicks. */
function versionOf(corpus: Corpus, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]|\.\d+/g, '');
  const hash = createHash('sha256').update(corpus.itemIds.join('\n')).update(corpus.clicks).digest('hex');
  return `${time}-${hash.slice(0, 8)}`;
}
