import QuickLRU from 'quick-lru';
import { z } from 'zod';
import { stableId } from '../../shared/ids.ts';
import type { ShopProduct } from './catalog.ts';
import type { Random } from './random.ts';
import type { ShopEvent, Shopper } from './shoppers.ts';

/** The row of recommendations on shoppers' screens: seen once each, clicked where it appeals (docs/analytics.md). */
export interface RecommendedRow {
  /** What the shopper does about the recommendation now on the screen; nothing where it was seen before. */
  look(shopper: Shopper): Promise<readonly ShopEvent[]>;
}

export interface RecommendedRowOptions {
  /** The document on the visitor's screen. */
  readonly screen: (visitorId: string) => Promise<unknown>;
  readonly products: readonly ShopProduct[];
  readonly random: Random;
  readonly clock?: () => number;
}

const Screen = z.object({
  recommendation_id: z.string(),
  items: z.array(z.object({ item_id: z.string() })).min(1),
});
/** Whose last recommendation is remembered. */
const SHOPPERS = 10_000;
/** Items that a page shows without scrolling. */
const VISIBLE = 6;
/** Chances that an item is clicked: one of the shopper's style and kind, of either, and any other. */
const APPEAL = { both: 0.12, either: 0.04, neither: 0.005 } as const;

export function makeRecommendedRow(options: RecommendedRowOptions): RecommendedRow {
  const { screen, products, random, clock = Date.now } = options;
  const byId = new Map(products.map((product) => [product.item_id, product]));
  const seen = new QuickLRU<string, string>({ maxSize: SHOPPERS });

  const appeal = ({ style, categories }: Shopper, itemId: string): number => {
    const product = byId.get(itemId);
    if (!product) return 0;
    const [stylish, fitting] = [product.style === style, categories.includes(product.category)];
    return stylish && fitting ? APPEAL.both : stylish || fitting ? APPEAL.either : APPEAL.neither;
  };
  return {
    async look(shopper) {
      const shown = Screen.safeParse(await screen(shopper.id));
      if (!shown.success || seen.get(shopper.id) === shown.data.recommendation_id) return [];
      const { recommendation_id } = shown.data;
      seen.set(shopper.id, recommendation_id);
      const items = shown.data.items
        .slice(0, VISIBLE)
        .map(({ item_id }, index) => ({ item_id, index, item_list_id: 'for_you' }));
      const event = (event_name: string, about: typeof items): ShopEvent => ({
        event_id: stableId('shop', recommendation_id, event_name),
        event_name,
        event_time: new Date(clock()).toISOString(),
        anonymous_id: shopper.id,
        recommendation_id,
        items: about,
      });
      const clicked = items.find(({ item_id }) => random.chance(appeal(shopper, item_id)));
      return [event('view_item_list', items), ...(clicked ? [event('select_item', [clicked])] : [])];
    },
  };
}
