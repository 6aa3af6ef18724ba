import type { EnrichedItem, Product } from '../../../shared/events.ts';
import type { Enrichment } from '../enrichment.ts';

/**
 * Joins each item with its product. What the shop sent with the event wins over the catalogue (it is what the shopper
 * saw); the catalogue fills the rest, its price only where the currencies agree.
 */
export const catalog: Enrichment = {
  name: 'catalog',
  apply: ({ items, currency }, { products }) => ({
    items: items.map((item) => join(item, products.get(item.item_id), currency)),
  }),
};

function join(item: EnrichedItem, product: Product | undefined, currency: string | undefined): EnrichedItem {
  if (!product) return item;
  const joined: EnrichedItem = { ...item, in_catalog: true };
  const { title, brand, category, price, in_stock } = product;
  joined.item_name ??= title;
  if (brand !== undefined) joined.item_brand ??= brand;
  if (category !== undefined) joined.item_category ??= category;
  if (price !== undefined && isSameCurrency(product.currency, currency)) joined.price ??= price;
  if (in_stock !== undefined) joined.in_stock = in_stock;
  return joined;
}

function isSameCurrency(ofProduct: string | undefined, ofEvent: string | undefined): boolean {
  return ofEvent === undefined || ofProduct === undefined || ofProduct.toUpperCase() === ofEvent;
}
