import { pathOf } from '../shop/route.ts';
import { element } from '../ui/element.ts';
import type { Page } from './page.ts';

/** A place that is not there. */
export function missingPage(what = 'There is nothing at this address.'): Page {
  return {
    title: 'Not found',
    row: 'after',
    content: [
      element(
        'div',
        { class: 'empty' },
        element('h1', { tabindex: -1 }, 'Not here'),
        element('p', {}, what),
        element('a', { class: 'button', href: pathOf({ page: 'home' }) }, 'To the shop’s front'),
      ),
    ],
  };
}
