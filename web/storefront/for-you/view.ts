import type { Choice } from '../../tracker/tracker.ts';
import type { ShownList } from '../live/shown-list.ts';
import type { Catalog } from '../shop/catalog.ts';

/** A product of the row. */
export interface RowItem {
  readonly item_id: string;
  readonly title: string;
  readonly category?: string | undefined;
  readonly price?: number | undefined;
  readonly currency?: string | undefined;
  /** Why it is here, for the shopper to read. */
  readonly reason?: string | undefined;
}

/** What the row shows, and what it says of itself. */
export interface RowView {
  /** `own`: the shop's choice, the same for everybody. */
  readonly source: 'own' | 'popularity' | 'model';
  readonly heading: string;
  readonly note: string;
  readonly items: readonly RowItem[];
  readonly recommendationId?: string;
}

/** What is known when the row is to be drawn. */
export interface RowState {
  readonly choice: Choice | undefined;
  /** The visitor's list, where there is one and it may be shown. */
  readonly list: ShownList | undefined;
  /** Whether the visitor's list can be followed now. */
  readonly reachable: boolean;
  /** From the click that the list answers to until now; undefined where that was on another page. Milliseconds. */
  readonly sinceClickMs: number | undefined;
}

/** Products of a row that is not personal. */
const PICKS = 12;

export function viewOf({ choice, list, reachable, sinceClickMs }: RowState, catalog: Catalog): RowView {
  if (list && choice?.personalization) return personal(list, sinceClickMs, catalog);
  const items = catalog.picks(PICKS);
  const own = { source: 'own', items } as const;
  if (!choice)
    return {
      ...own,
      heading: 'From the shop',
      note: 'The same for everybody. Allow personal picks, and this row follows what you look at.',
    };
  if (!choice.personalization)
    return { ...own, heading: 'From the shop', note: 'Personal picks are off: everybody sees these.' };
  if (!reachable)
    return {
      ...own,
      heading: 'From the shop',
      note: 'Your personal picks cannot be reached just now. Until they are, everybody sees these.',
    };
  return { ...own, heading: 'For you', note: 'Look at something you like: this row follows.' };
}

function personal(
  { recommendationId, source, items, modelVersion }: ShownList,
  sinceClickMs: number | undefined,
  catalog: Catalog,
): RowView {
  const when = sinceClickMs === undefined ? '' : ` ${Math.round(sinceClickMs)} ms after your click`;
  const note =
    source === 'popularity'
      ? 'Not picked for you: these are popular with everybody.'
      : `Picked${when} by model ${modelVersion}`;
  return {
    source,
    heading: source === 'popularity' ? 'Popular right now' : 'For you',
    note,
    recommendationId,
    items: items.map(({ item_id, reason, ...shown }) => {
      const known = catalog.find(item_id);
      return {
        item_id,
        title: known?.title ?? shown.title ?? item_id,
        category: known?.category,
        price: known?.price ?? shown.price,
        currency: known?.currency ?? shown.currency,
        reason,
      };
    }),
  };
}
