import { addRow, type ItemMatrix } from './item-matrix.ts';
import type { Parameters } from './parameters.ts';
import type { ScoreTable } from './score-table.ts';

/** A random walk of three steps from the newest items of the session; one score table a step. */
export interface ItemWalk {
  walk(
    prefix: Uint32Array,
    length: number,
    steps: readonly [first: ScoreTable, second: ScoreTable, third: ScoreTable],
  ): void;
}

/** The walk over a matrix: what follows, what follows that, and once more, each step from the best of the last. */
export function makeItemWalk(matrix: ItemMatrix, parameters: Parameters['walk']): ItemWalk {
  const { from, decay, beam, least } = parameters;
  const sources = new Uint32Array(from);
  const weights = new Float32Array(from).map((_, rank) => Math.exp(-rank / decay));

  const newestDistinct = (prefix: Uint32Array, length: number): number => {
    let size = 0;
    for (let at = length - 1; at >= 0 && size < from; at--) {
      const item = prefix[at] ?? 0;
      let known = false;
      for (let i = 0; i < size; i++) known ||= sources[i] === item;
      if (!known) sources[size++] = item;
    }
    return size;
  };

  const step = (previous: ScoreTable, next: ScoreTable): void => {
    const kept = previous.selectTop(beam);
    for (let i = 0; i < kept; i++) {
      const item = previous.touched[i] ?? 0;
      addRow(matrix, item, previous.values[item] ?? 0, next, least);
    }
  };

  return {
    walk(prefix, length, [first, second, third]) {
      const size = newestDistinct(prefix, length);
      let sum = 0;
      for (let i = 0; i < size; i++) sum += weights[i] ?? 0;
      for (let i = 0; i < size; i++) addRow(matrix, sources[i] ?? 0, (weights[i] ?? 0) / sum, first);
      step(first, second);
      step(second, third);
    },
  };
}
