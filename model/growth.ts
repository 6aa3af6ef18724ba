import type { Corpus } from './corpus.ts';
import { buildKnowledge } from './knowledge.ts';
import { type Asked, type Latency, measureLatency } from './latency.ts';
import type { Parameters } from './parameters.ts';
import { makeLearnedRanker } from './ranker.ts';
import type { Reranker } from './reranker.ts';

/** Latency of a model of so many sessions. */
export interface GrowthPoint {
  readonly sessions: number;
  readonly clicks: number;
  /** Of one ranking, undisturbed. */
  readonly latency_ms: Pick<Latency, 'p50' | 'p90'>;
}

/** The newest share of a corpus, or, above 1, its sessions repeated so many times, the order kept. */
export function resized(corpus: Corpus, share: number): Corpus {
  const count = corpus.starts.length - 1;
  if (share < 1) {
    const from = count - Math.max(1, Math.round(count * share));
    const begin = corpus.starts[from] ?? 0;
    return {
      ...corpus,
      starts: corpus.starts.slice(from).map((start) => start - begin),
      clicks: corpus.clicks.slice(begin),
      kinds: corpus.kinds.slice(begin),
    };
  }
  const times = Math.round(share);
  const size = corpus.clicks.length;
  const clicks = new Uint32Array(size * times);
  const kinds = new Uint8Array(corpus.kinds.length * times);
  const starts = new Uint32Array(count * times + 1);
  for (let copy = 0; copy < times; copy++) {
    clicks.set(corpus.clicks, copy * size);
    kinds.set(corpus.kinds, copy * corpus.kinds.length);
    for (let session = 0; session < count; session++)
      starts[copy * count + session + 1] = copy * size + (corpus.starts[session + 1] ?? 0);
  }
  return { ...corpus, clicks, kinds, starts };
}

/**
 * Measures the latency of the whole recipe as a shop's sessions grow by `share`, the catalogue staying as it is. What
 * the re-ranker has learned does not matter here.
 */
export function measureGrowth(
  corpus: Corpus,
  share: number,
  parameters: Parameters,
  reranker: Reranker,
  sessions: readonly Asked[],
): GrowthPoint {
  const grown = resized(corpus, share);
  const count = grown.starts.length - 1;
  const ranker = makeLearnedRanker(buildKnowledge(grown, count, parameters), parameters, reranker);
  const { p50, p90 } = measureLatency(ranker, sessions);
  return { sessions: count, clicks: grown.clicks.length, latency_ms: { p50, p90 } };
}
