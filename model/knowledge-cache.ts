import type { Corpus } from './corpus.ts';
import type { ItemVectors } from './item-vectors.ts';
import { buildKnowledge, type Knowledge } from './knowledge.ts';
import { makeVectorLearner } from './learn-vectors.ts';
import type { Parameters } from './parameters.ts';

/** Knowledge of the oldest sessions of one corpus, built where it is not at hand. */
export type KnowledgeSource = (sessionCount: number, parameters: Parameters) => Knowledge;

/** Kept: two moments of the best parameters, and of those being tried. */
const KEPT = 4;

/**
 * Keeps what was read off a corpus: most trials of a search change how knowledge is used (V-STAN, the walk, the suffix match),
 * not the matrix and postings that take long to build, and none the directions, which take longest.
 */
export function makeKnowledgeCache(corpus: Corpus): KnowledgeSource {
  const knowledge = keepNewest<Knowledge>(KEPT);
  const vectors = keepNewest<ItemVectors>(KEPT);
  return (sessionCount, parameters) => {
    const { postingLimit, matrix, vectors: directions } = parameters;
    const learnVectors = (count: number): ItemVectors =>
      vectors([count, directions], () => makeVectorLearner(corpus, directions)(count));
    return knowledge([sessionCount, postingLimit, matrix, directions], () =>
      buildKnowledge(corpus, sessionCount, parameters, learnVectors),
    );
  };
}

/** Makes what is not at hand; of more than `most`, what was not asked for longest goes. */
function keepNewest<T>(most: number): (of: readonly unknown[], make: () => T) => T {
  const kept = new Map<string, T>();
  return (of, make) => {
    const key = JSON.stringify(of);
    const value = kept.get(key) ?? make();
    kept.delete(key);
    kept.set(key, value);
    for (const oldest of kept.keys()) if (kept.size > most) kept.delete(oldest);
    return value;
  };
}
