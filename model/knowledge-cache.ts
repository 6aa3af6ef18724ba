import type { Corpus } from './corpus.ts';
import { buildKnowledge, type Knowledge } from './knowledge.ts';
import type { Parameters } from './parameters.ts';

/** Knowledge of the oldest sessions of one corpus, built where it is not at hand. */
export type KnowledgeSource = (sessionCount: number, parameters: Parameters) => Knowledge;

/** Kept: two moments of the best parameters, and of those being tried. */
const KEPT = 4;

/**
 * Keeps what was read off a corpus, least recently asked for first to go: most trials of a search change how knowledge is
 * used (V-STAN, the walk, the suffix match), not the matrix, postings and directions that take long to build.
 */
export function makeKnowledgeCache(corpus: Corpus): KnowledgeSource {
  const kept = new Map<string, Knowledge>();
  return (sessionCount, parameters) => {
    const key = JSON.stringify([
      sessionCount,
      parameters.postingLimit,
      parameters.matrix,
      parameters.vectors,
    ]);
    const knowledge = kept.get(key) ?? buildKnowledge(corpus, sessionCount, parameters);
    kept.delete(key);
    kept.set(key, knowledge);
    for (const oldest of kept.keys()) if (kept.size > KEPT) kept.delete(oldest);
    return knowledge;
  };
}
