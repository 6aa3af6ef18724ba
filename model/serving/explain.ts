import { addRow, type ItemMatrix } from '../item-matrix.ts';
import { ScoreTable } from '../score-table.ts';

/** Decay with distance of a click's claim to be the reason. */
const REASON_DECAY = 1.5;

/** For each listed item the clicked item that leads to it most strongly; the newest where none does. */
export type Explain = (clicks: Uint32Array, length: number, list: readonly number[]) => readonly number[];

/** Reasons from the item walk's matrix. */
export function makeExplain(matrix: ItemMatrix, itemCount: number): Explain {
  const claims = new ScoreTable(itemCount);
  return (clicks, length, list) => {
    const newest = clicks[length - 1] ?? 0;
    const reasons = list.map(() => newest);
    const best = new Float32Array(list.length);
    const asked = new Set<number>();
    for (let at = length - 1; at >= 0; at--) {
      const click = clicks[at] ?? 0;
      if (asked.has(click)) continue;
      asked.add(click);
      addRow(matrix, click, Math.exp((at - length + 1) / REASON_DECAY), claims);
      list.forEach((item, i) => {
        const claim = claims.values[item] ?? 0;
        if (claim <= (best[i] ?? 0)) return;
        best[i] = claim;
        reasons[i] = click;
      });
      claims.clear();
    }
    return reasons;
  };
}
