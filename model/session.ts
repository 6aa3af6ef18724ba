/**
 * One shopping session as training data: item ids, oldest first. `events`, `times` and `categories`, where given,
 * run parallel to `items`: GA4 event names, epoch milliseconds, and the items' categories (empty where one has none).
 */
export interface TrainingSession {
  readonly items: readonly string[];
  readonly events?: readonly string[];
  readonly times?: readonly number[];
  readonly categories?: readonly string[];
}

/** How strongly an event speaks for its item: the code kept with each click of the corpus. */
export const KINDS = { view: 0, wish: 1, cart: 2, purchase: 3 } as const;
export type Kind = (typeof KINDS)[keyof typeof KINDS];

const KIND_OF: Readonly<Record<string, Kind>> = {
  add_to_wishlist: KINDS.wish,
  add_to_cart: KINDS.cart,
  begin_checkout: KINDS.cart,
  purchase: KINDS.purchase,
};

/** The kind of a GA4 event name; a view for names that say nothing more. */
export function kindOf(eventName: string | undefined): Kind {
  return eventName === undefined ? KINDS.view : (KIND_OF[eventName] ?? KINDS.view);
}

/** A GA4 event name of a kind. */
export function eventOf(kind: number): string {
  if (kind === KINDS.purchase) return 'purchase';
  if (kind === KINDS.cart) return 'add_to_cart';
  return kind === KINDS.wish ? 'add_to_wishlist' : 'view_item';
}
