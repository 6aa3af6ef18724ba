import { sealArtifact } from './artifact.ts';
import type { Corpus } from './corpus.ts';
import { buildKnowledge } from './knowledge.ts';
import { type Asked, type Latency, measureLatency } from './latency.ts';
import { loadTime } from './load-time.ts';
import type { Manifest } from './manifest.ts';
import type { Parameters } from './parameters.ts';
import { makeLearnedRanker } from './ranker.ts';
import type { Reranker } from './reranker.ts';

/** Speed and size of a model of so many sessions. */
export interface GrowthPoint {
  readonly sessions: number;
  readonly clicks: number;
  /** Of one ranking, undisturbed. */
  readonly latency_ms: Pick<Latency, 'p50' | 'p90'>;
  readonly index_bytes: number;
  /** From files to answers, the least of several. */
  readonly load_seconds: number;
}

const LOADS = 3;

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
 * Measures the whole recipe as a shop's sessions grow by `share`, the catalogue staying as it is. What the re-ranker has
 * learned does not matter here.
 */
export async function measureGrowth(
  corpus: Corpus,
  share: number,
  parameters: Parameters,
  reranker: Reranker,
  asked: readonly Asked[],
): Promise<GrowthPoint> {
  const grown = resized(corpus, share);
  const sessions = grown.starts.length - 1;
  const clicks = grown.clicks.length;
  const knowledge = buildKnowledge(grown, sessions, parameters);
  const { itemIds } = corpus;
  const model = sealArtifact(
    { parameters, itemIds, knowledge, reranker },
    {
      model_version: `${sessions}-sessions`,
      created_at: new Date(0).toISOString(),
      method: 'hidden',
      counts: { sessions, clicks, items: itemIds.length, rejected: {}, samples: 0 },
      parameters: parameters as unknown as Manifest['parameters'],
      evaluation: {},
      popular: [],
    },
  );
  const { p50, p90 } = measureLatency(makeLearnedRanker(knowledge, parameters, reranker), asked);
  const loads: number[] = [];
  for (let load = 0; load < LOADS; load++) loads.push((await loadTime(model)).seconds);
  return {
    sessions,
    clicks,
    latency_ms: { p50, p90 },
    index_bytes: model.manifest.index.bytes,
    load_seconds: Math.min(...loads),
  };
}
