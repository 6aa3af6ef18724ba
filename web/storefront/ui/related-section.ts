import type { Shop } from '../pages/page.ts';
import type { ShopItem } from '../shop/catalog.ts';
import { element } from './element.ts';
import { productGrid } from './product-card.ts';

export interface RelatedSectionOptions {
  readonly heading: string;
  /** The list's name in events. */
  readonly list: string;
  readonly products: Promise<readonly ShopItem[]>;
}

/** A heading and products that come later; nothing is seen of it until they do, and where there are none. */
export function relatedSection(shop: Shop, { heading, list, products }: RelatedSectionOptions): HTMLElement {
  const section = element('section', {
    class: 'related',
    'aria-labelledby': `related-${list}`,
    hidden: true,
  });
  void products.then((found) => {
    if (found.length === 0) return;
    section.replaceChildren(
      element('h2', { id: `related-${list}` }, heading),
      productGrid(shop, found, list),
    );
    section.hidden = false;
  });
  return section;
}
