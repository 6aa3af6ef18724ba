import { makeProposer } from './candidates.ts';
import { makeFeatureTable, makeFeatureWriter } from './features.ts';
import type { Knowledge } from './knowledge.ts';
import type { Parameters } from './parameters.ts';
import { makeRerankerScorer, type Reranker } from './reranker.ts';
import { ScoreTable } from './score-table.ts';
import { sortByValue } from './select-top.ts';
import { makeVstan } from './vstan.ts';

/** Items best first; `scores` run parallel, higher is better. Valid until the next `rank`. */
export interface Ranking {
  readonly ids: Uint32Array;
  readonly scores: Float32Array;
  size: number;
}

/** Orders what may come next. `prefix[0 … length - 1]` are item numbers, oldest first, `kinds` the clicks' kinds. */
export interface Ranker {
  rank(prefix: Uint32Array, kinds: Uint8Array, length: number): Ranking;
}

/** How many items V-STAN alone lists. */
const VSTAN_LIST = 150;

/** The ranker by V-STAN alone. */
export function makeVstanRanker({ index }: Knowledge, parameters: Parameters): Ranker {
  const score = makeVstan(index, parameters.vstan);
  const table = new ScoreTable(index.itemCount);
  const ranking = { ids: new Uint32Array(VSTAN_LIST), scores: new Float32Array(VSTAN_LIST), size: 0 };
  return {
    rank(prefix, _kinds, length) {
      table.clear();
      score(prefix, length, table);
      ranking.size = table.selectTop(VSTAN_LIST);
      sortByValue(table.touched, ranking.size, table.values);
      for (let i = 0; i < ranking.size; i++) {
        const item = table.touched[i] ?? 0;
        ranking.ids[i] = item;
        ranking.scores[i] = table.values[item] ?? 0;
      }
      return ranking;
    },
  };
}

/** The whole recipe: every scorer proposes, the re-ranker orders. Scores are softmax probabilities among the candidates. */
export function makeLearnedRanker(knowledge: Knowledge, parameters: Parameters, reranker: Reranker): Ranker {
  const proposer = makeProposer(knowledge, parameters);
  const writeFeatures = makeFeatureWriter(knowledge, parameters);
  const score = makeRerankerScorer(reranker, proposer.capacity);
  const features = makeFeatureTable(proposer.capacity);
  const logits = new Float64Array(proposer.capacity);
  const order = new Uint32Array(proposer.capacity);
  const ranking = {
    ids: new Uint32Array(proposer.capacity),
    scores: new Float32Array(proposer.capacity),
    size: 0,
  };
  return {
    rank(prefix, kinds, length) {
      const candidates = proposer.propose(prefix, length);
      const size = candidates.size;
      writeFeatures(prefix, kinds, length, candidates, features);
      score(features, logits);
      for (let c = 0; c < size; c++) order[c] = c;
      sortByValue(order, size, logits);
      const best = logits[order[0] ?? 0] ?? 0;
      let sum = 0;
      for (let c = 0; c < size; c++) sum += Math.exp((logits[c] ?? 0) - best);
      for (let i = 0; i < size; i++) {
        const c = order[i] ?? 0;
        ranking.ids[i] = candidates.ids[c] ?? 0;
        ranking.scores[i] = Math.exp((logits[c] ?? 0) - best) / sum;
      }
      ranking.size = size;
      return ranking;
    },
  };
}
