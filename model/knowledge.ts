import { type Categories, groupByCategory } from './categories.ts';
import type { Corpus } from './corpus.ts';
import { buildItemMatrix, type ItemMatrix } from './item-matrix.ts';
import { countItems, type ItemStats } from './item-stats.ts';
import type { ItemVectors } from './item-vectors.ts';
import { makeVectorLearner, type VectorLearner } from './learn-vectors.ts';
import type { Parameters } from './parameters.ts';
import { orderByPopularity } from './popularity.ts';
import { buildIndex, listPostings, type SessionIndex } from './session-index.ts';

/** All that is read off the sessions; the re-ranker's weights are learned on top of it. */
export interface Knowledge {
  readonly index: SessionIndex;
  readonly stats: ItemStats;
  readonly matrix: ItemMatrix;
  readonly vectors: ItemVectors;
  /** Every item, the most popular of late first. */
  readonly popular: Uint32Array;
  readonly categories: Categories;
}

/**
 * Reads the oldest `sessionCount` sessions of the corpus.
 * @param learnVectors one for every moment of the corpus saves learning from the beginning each time
 */
export function buildKnowledge(
  corpus: Corpus,
  sessionCount: number,
  parameters: Parameters,
  learnVectors: VectorLearner = makeVectorLearner(corpus, parameters.vectors),
): Knowledge {
  const postings = listPostings(corpus, sessionCount);
  const popular = orderByPopularity(corpus, sessionCount);
  return {
    index: buildIndex(corpus, sessionCount, postings, parameters.postingLimit),
    stats: countItems(corpus, sessionCount),
    matrix: buildItemMatrix(corpus, sessionCount, postings, parameters.matrix),
    vectors: learnVectors(sessionCount),
    popular,
    categories: groupByCategory(corpus.categories, popular),
  };
}
