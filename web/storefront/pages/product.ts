import { pictureUrl } from '../pictures/picture.ts';
import type { ShopItem } from '../shop/catalog.ts';
import { about } from '../shop/events.ts';
import { money } from '../shop/money.ts';
import { pathOf } from '../shop/route.ts';
import { element } from '../ui/element.ts';
import { relatedSection } from '../ui/related-section.ts';
import { missingPage } from './missing.ts';
import type { Page, Shop } from './page.ts';

export function productPage(shop: Shop, id: string): Page {
  const product = shop.catalog.find(id);
  if (!product) return missingPage(`This shop has no product “${id}”.`);
  const { title, brand, category, price, currency, in_stock } = product;
  const add = (): void => {
    shop.cart.add(id);
    shop.act('add_to_cart', about(product));
    shop.say(`${title} is in your cart.`);
  };
  return {
    title,
    row: 'after',
    content: [
      element(
        'article',
        { class: 'product' },
        element('img', {
          class: 'product-picture',
          src: pictureUrl(product),
          alt: `Drawing of ${title}`,
          width: 400,
          height: 400,
        }),
        element(
          'div',
          { class: 'product-facts' },
          element(
            'nav',
            { 'aria-label': 'Department' },
            element('a', { href: pathOf({ page: 'category', category }) }, category),
          ),
          element('h1', { tabindex: -1 }, title),
          element('p', { class: 'quiet' }, brand && `by ${brand}`),
          element('p', { class: 'product-price' }, money(price, currency)),
          in_stock === false
            ? element('p', { class: 'sold-out' }, 'Sold out at the moment')
            : element('button', { type: 'button', class: 'button', click: add }, 'Add to cart'),
          element('p', {}, wordsFor(product)),
        ),
      ),
    ],
    below: [
      relatedSection(shop, {
        heading: 'Similar products',
        list: 'similar',
        products: shop.related.similar(product),
      }),
    ],
    arrived: () => shop.act('view_item', about(product)),
  };
}

function wordsFor({ title, brand }: ShopItem): string {
  const [style = ''] = title.split(' ');
  return `Made to be used every day and mended when it needs it. ${brand ?? 'Our workshop'} builds it to order in ${style.toLowerCase()}; it is with you in about two weeks, and may come back within sixty days.`;
}
