import type { Prediction, Reason } from '../protocol.ts';

/** What may stand in a list. */
export interface ListRules {
  readonly limit: number;
  /** Item numbers that may not. */
  readonly bars: readonly number[];
  /** Whether others may. */
  readonly admits: (item: number) => boolean;
}

/** A list of items in the making: each once, and only what may be. */
export interface ListBuilder {
  begin(rules: ListRules): void;
  /** Adds an item where there is room for it and it may be. */
  add(item: number, score: number, reason: Reason): void;
  full(): boolean;
  /** Item numbers so far. */
  readonly listed: readonly number[];
  /** Ends the list; `begin` comes next. `reasonOf` may put a reason in the place of the one given. */
  end(reasonOf: (at: number) => Reason | undefined): Prediction['items'];
}

/** One builder serves one list after the other, without allocating by the number of items. */
export function makeListBuilder(itemIds: readonly string[]): ListBuilder {
  const barred = new Uint8Array(itemIds.length);
  let rules: ListRules = { limit: 0, bars: [], admits: () => false };
  let listed: number[] = [];
  let entries: { readonly score: number; readonly reason: Reason }[] = [];
  const full = (): boolean => listed.length >= rules.limit;
  return {
    begin(given) {
      rules = given;
      listed = [];
      entries = [];
      for (const item of rules.bars) barred[item] = 1;
    },
    add(item, score, reason) {
      if (full() || barred[item] === 1 || !rules.admits(item)) return;
      barred[item] = 1;
      listed.push(item);
      entries.push({ score, reason });
    },
    full,
    get listed() {
      return listed;
    },
    end(reasonOf) {
      for (const item of rules.bars) barred[item] = 0;
      for (const item of listed) barred[item] = 0;
      return entries.map(({ score, reason }, at) => ({
        item_id: itemIds[listed[at] ?? 0] ?? '',
        score,
        reason: reasonOf(at) ?? reason,
      }));
    },
  };
}
