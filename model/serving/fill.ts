import type { Reason } from '../protocol.ts';
import type { ListBuilder } from './list-builder.ts';

/** Items in an order of their own, and why they are listed. */
export interface Source {
  readonly items: Uint32Array;
  readonly reason: Reason;
}

/** Fills a list up: from the sources in turn, a place of each, then from the last resort. */
export function fill(list: ListBuilder, sources: readonly Source[], lastResort: Source): void {
  const longest = Math.max(0, ...sources.map(({ items }) => items.length));
  for (let place = 0; place < longest && !list.full(); place++)
    for (const { items, reason } of sources) {
      const item = items[place];
      if (item !== undefined) list.add(item, 0, reason);
    }
  for (let place = 0; place < lastResort.items.length && !list.full(); place++)
    list.add(lastResort.items[place] ?? 0, 0, lastResort.reason);
}
