import type { EventFields } from '../../tracker/tracker.ts';
import type { Cart } from '../shop/cart.ts';
import type { Catalog, ShopItem } from '../shop/catalog.ts';
import type { Placement } from '../shop/events.ts';
import type { Related } from '../shop/related.ts';
import type { Route } from '../shop/route.ts';

/** What pages have to work with. */
export interface Shop {
  readonly catalog: Catalog;
  readonly cart: Cart;
  readonly related: Related;
  /** Tells the collector what the visitor did. */
  act(name: string, fields?: EventFields): void;
  /** A product of a list is chosen; its link leads on. */
  choose(product: ShopItem, placement: Placement): void;
  go(route: Route): void;
  /** Says something to the visitor, seen and read out. */
  say(text: string): void;
}

/** A page of the shop. */
export interface Page {
  readonly title: string;
  readonly content: readonly HTMLElement[];
  /** Where the "for you" row goes: before or after the content, or nowhere. */
  readonly row: 'first' | 'after' | 'none';
  /** What comes last, below the row: it may come late, and moves nothing. */
  readonly below?: readonly HTMLElement[];
  /** Tells the collector of the visit; called before the page is drawn, so that the answer comes sooner. */
  arrived?(): void;
  /** The cart was changed in another tab. */
  cartChanged?(): void;
}
