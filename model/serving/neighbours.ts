import { addRow, type ItemMatrix } from '../item-matrix.ts';
import type { Ranking } from '../ranker.ts';
import { ScoreTable } from '../score-table.ts';
import { sortByValue } from '../select-top.ts';

/** How many items are listed. */
const LIST = 150;
/** How much an item of another category counts against one of the same, for what goes together. */
const OTHER_CATEGORY = 4;

/** What stands close to items in the item walk's matrix. */
export interface Neighbours {
  /** What is like one item. Valid until the next call. */
  similar(item: number): Ranking;
  /** What goes with all of these, and not in their place: other categories first. Valid until the next call. */
  together(items: Uint32Array): Ranking;
}

export function makeNeighbours(
  matrix: ItemMatrix,
  itemCount: number,
  categoryOf: (item: number) => string | undefined,
): Neighbours {
  const table = new ScoreTable(itemCount);
  const ranking = { ids: new Uint32Array(LIST), scores: new Float32Array(LIST), size: 0 };
  const ranked = (): Ranking => {
    ranking.size = table.selectTop(LIST);
    sortByValue(table.touched, ranking.size, table.values);
    for (let i = 0; i < ranking.size; i++) {
      ranking.ids[i] = table.touched[i] ?? 0;
      ranking.scores[i] = table.values[table.touched[i] ?? 0] ?? 0;
    }
    return ranking;
  };
  return {
    similar(item) {
      table.clear();
      addRow(matrix, item, 1, table);
      return ranked();
    },
    together(items) {
      table.clear();
      const categories = new Set<string | undefined>();
      for (const item of new Set(items)) {
        addRow(matrix, item, 1, table);
        categories.add(categoryOf(item));
      }
      for (let i = 0; i < table.size; i++) {
        const item = table.touched[i] ?? 0;
        const category = categoryOf(item);
        if (category !== undefined && !categories.has(category))
          table.values[item] = (table.values[item] ?? 0) * OTHER_CATEGORY;
      }
      return ranked();
    },
  };
}
