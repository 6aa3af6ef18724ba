import type { EnrichedItem, Product } from '../../../shared/events.ts';
import type { Enrichment } from '../enrichment.ts';

/**
 * Joins each item with its product. What the shop sent with the event wins over the catalogue (it is what the shopper
 * saw); the catalogue fills the rest, its price only where the currencies agree.
 */
export const catalog: Enrichment = {
  name: 'catalog',
  apply: (event, { products }) => ({
    ...event,
    items: event.items.map((item) => join(item, products.get(item.item_id), event.currency)),
  }),
};

function join(item: EnrichedItem, product: Product | undefined, currency: string | undefined): EnrichedItem {
  if (!product) return { ...item, in_catalog: false };
  const sameCurrency =
    currency === undefined || product.currency === undefined || product.currency.toUpperCase() === currency;
  const { title, brand, category, price, in_stock } = product;
  return {
    item_name: title,
    ...(brand === undefined ? {} : { item_brand: brand }),
    ...(category === undefined ? {} : { item_category: category }),
    ...(price === undefined || !sameCurrency ? {} : { price }),
    ...item,
    in_catalog: true,
    ...(in_stock === undefined ? {} : { in_stock }),
  };
}
