import type { Choice, EventFields } from '../../tracker/tracker.ts';
import type { ShownList } from '../live/shown-list.ts';
import type { Catalog } from '../shop/catalog.ts';
import { makeImpressions } from './impressions.ts';
import { makeRow } from './row.ts';
import { type RowItem, viewOf } from './view.ts';

/** The "for you" row, and what it tells the collector. */
export interface ForYou {
  readonly node: HTMLElement;
  /** What may be shown changed. */
  allow(choice: Choice | undefined): void;
  /** A list came. */
  receive(list: ShownList): void;
  /** Whether lists can come. */
  reach(reachable: boolean): void;
  /** The visitor did something: a list that answers to one of these events says how long it took. */
  acted(eventIds: readonly (string | undefined)[]): void;
}

export interface ForYouOptions {
  readonly catalog: Catalog;
  readonly track: (name: string, fields: EventFields) => string | undefined;
  /** Milliseconds, of any beginning. */
  readonly clock: () => number;
  /** A product of the row was chosen. */
  readonly onChosen: (item: RowItem, index: number, recommendationId: string | undefined) => void;
}

/** The list's name in events. */
export const FOR_YOU = 'for_you';
const ACTS_KEPT = 60;

export function makeForYou({ catalog, track, clock, onChosen }: ForYouOptions): ForYou {
  let choice: Choice | undefined;
  let list: ShownList | undefined;
  let reachable = true;
  let sinceClickMs: number | undefined;
  const acts = new Map<string, number>();

  const row = makeRow((item, index) =>
    onChosen(item, index, choice?.personalization ? list?.recommendationId : undefined),
  );
  const impressions = makeImpressions({
    node: row.node,
    onSeen: (recommendation_id) => {
      const items = row.inSight().flatMap((index) => {
        const item = list?.items[index];
        return item ? [{ item_id: item.item_id, index, item_list_id: FOR_YOU }] : [];
      });
      track('view_item_list', { recommendation_id, items });
    },
  });
  const draw = (): void => {
    const view = viewOf({ choice, list, reachable, sinceClickMs }, catalog);
    row.show(view);
    impressions.shows(view.recommendationId);
  };
  draw();

  return {
    node: row.node,
    allow(next) {
      choice = next;
      if (!next?.personalization) list = undefined;
      draw();
    },
    receive(next) {
      reachable = true;
      const at = acts.get(next.triggerId);
      sinceClickMs = at === undefined ? undefined : clock() - at;
      list = next;
      draw();
    },
    reach(next) {
      if (next === reachable) return;
      reachable = next;
      draw();
    },
    acted(eventIds) {
      const now = clock();
      for (const id of eventIds) if (id !== undefined) acts.set(id, now);
      for (const id of acts.keys()) {
        if (acts.size <= ACTS_KEPT) break;
        acts.delete(id);
      }
    },
  };
}
