import { makeCategoryScorer } from './categories.ts';
import { makeItemWalk } from './item-walk.ts';
import type { Knowledge } from './knowledge.ts';
import type { Parameters } from './parameters.ts';
import { ScoreTable } from './score-table.ts';
import { makeSuffixMatch } from './suffix-match.ts';
import { makeVstan } from './vstan.ts';

/** Every way in which items are scored for a session, in the order of `Candidates.tables`. */
export const SCORES = ['vstan', 'walk1', 'walk2', 'walk3', 'suffix', 'category'] as const;

/** What the scorers propose for one session. Valid until the next `propose`. */
export interface Candidates {
  /** The session's own items come first. */
  readonly ids: Uint32Array;
  size: number;
  /** How many are the session's own. */
  seenSize: number;
  /** A score table for each of SCORES. */
  readonly tables: readonly ScoreTable[];
}

export interface Proposer {
  readonly capacity: number;
  propose(prefix: Uint32Array, length: number): Candidates;
}

/** Scores the session in every way, and unites the best of each with the session's own items. */
export function makeProposer({ index, matrix, categories }: Knowledge, parameters: Parameters): Proposer {
  const limits = parameters.candidates;
  const scoreByVstan = makeVstan(index, parameters.vstan);
  const matchSuffix = makeSuffixMatch(index, parameters.suffix);
  const { walk } = makeItemWalk(matrix, parameters.walk);
  const scoreByCategory = makeCategoryScorer(categories, parameters.category);
  const table = (): ScoreTable => new ScoreTable(index.itemCount);
  const vstan = table();
  const suffix = table();
  const category = table();
  const steps = [table(), table(), table()] as const;
  const tables = [vstan, ...steps, suffix, category];
  const capacity = parameters.maxPrefix + limits.vstan + 3 * limits.walk + limits.suffix + limits.category;
  const taken = new Uint8Array(index.itemCount);
  const candidates = { ids: new Uint32Array(capacity), size: 0, seenSize: 0, tables };

  const take = (item: number): void => {
    if (taken[item] === 1) return;
    taken[item] = 1;
    candidates.ids[candidates.size++] = item;
  };
  const takeBest = (scores: ScoreTable, limit: number): void => {
    const kept = scores.selectTop(limit);
    for (let i = 0; i < kept; i++) take(scores.touched[i] ?? 0);
  };

  return {
    capacity,
    propose(prefix, length) {
      for (const scores of tables) scores.clear();
      candidates.size = 0;
      scoreByVstan(prefix, length, vstan);
      walk(prefix, length, steps);
      matchSuffix(prefix, length, suffix);
      scoreByCategory(prefix, length, category);
      for (let at = length - 1; at >= 0; at--) take(prefix[at] ?? 0);
      candidates.seenSize = candidates.size;
      takeBest(vstan, limits.vstan);
      for (const step of steps) takeBest(step, limits.walk);
      takeBest(suffix, limits.suffix);
      takeBest(category, limits.category);
      for (let i = 0; i < candidates.size; i++) taken[candidates.ids[i] ?? 0] = 0;
      return candidates;
    },
  };
}
