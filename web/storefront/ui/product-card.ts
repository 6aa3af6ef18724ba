import type { Shop } from '../pages/page.ts';
import { pictureUrl } from '../pictures/picture.ts';
import type { ShopItem } from '../shop/catalog.ts';
import { money } from '../shop/money.ts';
import { pathOf } from '../shop/route.ts';
import { element } from './element.ts';

/** Products as a grid of links. @param list the name of the list in events */
export function productGrid(shop: Shop, products: readonly ShopItem[], list: string): HTMLElement {
  return element(
    'ul',
    { class: 'grid' },
    products.map((product, index) => element('li', {}, productCard(shop, product, { list, index }))),
  );
}

function productCard(shop: Shop, product: ShopItem, placement: { list: string; index: number }): HTMLElement {
  const { title, brand, price, currency, in_stock } = product;
  return element(
    'a',
    {
      class: 'card',
      href: pathOf({ page: 'product', id: product.item_id }),
      click: () => shop.choose(product, placement),
    },
    element('img', { src: pictureUrl(product), alt: '', width: 400, height: 400, loading: 'lazy' }),
    element('span', { class: 'card-title' }, title),
    element('span', { class: 'card-brand' }, brand),
    in_stock === false
      ? element('span', { class: 'price sold-out' }, 'Sold out')
      : element('span', { class: 'price' }, money(price, currency)),
  );
}
