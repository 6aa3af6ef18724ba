import { listOf } from '../shop/events.ts';
import { element } from '../ui/element.ts';
import { productGrid } from '../ui/product-card.ts';
import type { Page, Shop } from './page.ts';

const MOST_SHOWN = 48;

export function searchPage(shop: Shop, query: string): Page {
  const found = shop.catalog.search(query);
  return {
    title: query === '' ? 'Search' : `Search: ${query}`,
    row: 'after',
    content: [
      element(
        'div',
        { class: 'bar' },
        element('h1', { tabindex: -1 }, query === '' ? 'What are you looking for?' : `“${query}”`),
        element('p', { class: 'quiet' }, found.length === 1 ? '1 product' : `${found.length} products`),
      ),
      found.length === 0
        ? element(
            'p',
            { class: 'empty' },
            query === ''
              ? 'Write a word into the field above: oak, lamp, Nordhav.'
              : 'Nothing fits that. Try fewer or other words.',
          )
        : productGrid(shop, found.slice(0, MOST_SHOWN), 'search'),
    ],
    arrived: () => {
      if (query === '') return;
      shop.act('search', { search_term: query, ...listOf(found, 'search') });
    },
  };
}
