import type { Order } from '../shop/catalog.ts';
import { listOf } from '../shop/events.ts';
import { element } from '../ui/element.ts';
import { productGrid } from '../ui/product-card.ts';
import { missingPage } from './missing.ts';
import type { Page, Shop } from './page.ts';

const ORDERS: Readonly<Record<Order, string>> = {
  featured: 'Our order',
  cheapest: 'Price, low to high',
  dearest: 'Price, high to low',
};

export function categoryPage(shop: Shop, category: string): Page {
  const products = shop.catalog.inCategory(category);
  if (products.length === 0) return missingPage(`There is no department “${category}” in this shop.`);
  const grid = element('div', {}, productGrid(shop, products, category));
  const order = element(
    'select',
    {
      id: 'order',
      change: () => {
        const chosen = Object.keys(ORDERS).find((key): key is Order => key === order.value) ?? 'featured';
        grid.replaceChildren(productGrid(shop, shop.catalog.inCategory(category, chosen), category));
      },
    },
    Object.entries(ORDERS).map(([value, text]) => element('option', { value }, text)),
  );
  return {
    title: category,
    row: 'after',
    content: [
      element(
        'div',
        { class: 'bar' },
        element('h1', { tabindex: -1 }, category),
        element('p', { class: 'quiet' }, `${products.length} products`),
        element('label', { for: 'order' }, 'Sort by ', order),
      ),
      grid,
    ],
    arrived: () => shop.act('view_item_list', listOf(products, category)),
  };
}
