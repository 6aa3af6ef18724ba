import { makeItemWalk } from './item-walk.ts';
import type { Knowledge } from './knowledge.ts';
import type { Parameters } from './parameters.ts';
import { ScoreTable } from './score-table.ts';
import { makeSuffixMatch } from './suffix-match.ts';
import { makeVstan } from './vstan.ts';

/** What the scorers propose for one session. Valid until the next `propose`. */
export interface Candidates {
  readonly ids: Uint32Array;
  size: number;
  /** Scores by V-STAN, the three steps of the walk, and the suffix match. */
  readonly tables: readonly [ScoreTable, ScoreTable, ScoreTable, ScoreTable, ScoreTable];
}

export interface Proposer {
  readonly capacity: number;
  propose(prefix: Uint32Array, length: number): Candidates;
}

/** Scores the session in every way, and unites the best of each with the session's own items. */
export function makeProposer({ index, matrix }: Knowledge, parameters: Parameters): Proposer {
  const limits = parameters.candidates;
  const vstan = makeVstan(index, parameters.vstan);
  const suffix = makeSuffixMatch(index, parameters.suffix);
  const walk = makeItemWalk(matrix, parameters.walk);
  const table = (): ScoreTable => new ScoreTable(index.itemCount);
  const tables = [table(), table(), table(), table(), table()] as const;
  const [byVstan, first, second, third, bySuffix] = tables;
  const steps = [first, second, third] as const;
  const capacity = limits.seen + limits.vstan + 3 * limits.walk + limits.suffix;
  const taken = new Uint8Array(index.itemCount);
  const candidates = { ids: new Uint32Array(capacity), size: 0, tables };

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
      vstan(prefix, length, byVstan);
      walk.walk(prefix, length, steps);
      suffix(prefix, length, bySuffix);
      for (let at = length - 1; at >= 0 && candidates.size < limits.seen; at--) take(prefix[at] ?? 0);
      takeBest(byVstan, limits.vstan);
      for (const step of steps) takeBest(step, limits.walk);
      takeBest(bySuffix, limits.suffix);
      for (let i = 0; i < candidates.size; i++) taken[candidates.ids[i] ?? 0] = 0;
      return candidates;
    },
  };
}
