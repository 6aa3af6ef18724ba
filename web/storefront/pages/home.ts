import { pictureUrl } from '../pictures/picture.ts';
import { pathOf } from '../shop/route.ts';
import { element } from '../ui/element.ts';
import { productGrid } from '../ui/product-card.ts';
import type { Page, Shop } from './page.ts';

/** The shop's first picks are in the row already. */
const PICKS = { from: 12, to: 20 } as const;

export function homePage(shop: Shop): Page {
  const { catalog } = shop;
  const picks = catalog.picks(PICKS.to).slice(PICKS.from);
  return {
    title: 'Things for the home',
    row: 'first',
    content: [
      element('h1', { class: 'visually-hidden', tabindex: -1 }, 'Nook & Grain: things for the home'),
      element(
        'section',
        { 'aria-labelledby': 'categories' },
        element('h2', { id: 'categories' }, 'Around the house'),
        element(
          'ul',
          { class: 'categories' },
          catalog.categories.map((category, index) => {
            const sample =
              catalog.inCategory(category)[(index * 5 + 3) % catalog.inCategory(category).length];
            return element(
              'li',
              {},
              element(
                'a',
                { href: pathOf({ page: 'category', category }) },
                sample && element('img', { src: pictureUrl(sample), alt: '', width: 400, height: 400 }),
                element('span', {}, category),
              ),
            );
          }),
        ),
      ),
      element(
        'section',
        { 'aria-labelledby': 'picks' },
        element('h2', { id: 'picks' }, 'From our workshops'),
        productGrid(shop, picks, 'home'),
      ),
    ],
  };
}
