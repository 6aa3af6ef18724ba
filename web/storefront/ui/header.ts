import type { Cart } from '../shop/cart.ts';
import { pathOf, type Route } from '../shop/route.ts';
import { element, icon } from './element.ts';

export interface HeaderOptions {
  readonly categories: readonly string[];
  readonly cart: Cart;
  readonly go: (route: Route) => void;
}

/** Name, search, cart and departments. */
export interface Header {
  readonly node: HTMLElement;
  /** The visitor is at a place now. */
  at(route: Route): void;
}

const CART = 'M3 4h2.5l2.2 11.2h10.4L20 8H6.3M9 20a1 1 0 1 0 0-.01M17 20a1 1 0 1 0 0-.01';
const GLASS = 'M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l5 5';

export function makeHeader({ categories, cart, go }: HeaderOptions): Header {
  const field = element('input', {
    id: 'search',
    type: 'search',
    name: 'q',
    placeholder: 'Search the shop',
    autocomplete: 'off',
    enterkeyhint: 'search',
  });
  const form = element(
    'form',
    {
      role: 'search',
      submit: (event) => {
        event.preventDefault();
        go({ page: 'search', query: field.value.trim() });
      },
    },
    element('label', { for: 'search', class: 'visually-hidden' }, 'Search the shop'),
    icon(GLASS),
    field,
  );
  const count = element('span', { class: 'cart-count' });
  const cartLink = element('a', { class: 'cart-link', href: pathOf({ page: 'cart' }) }, icon(CART), count);
  const showCount = (): void => {
    const pieces = cart.count();
    count.textContent = pieces === 0 ? '' : String(pieces);
    cartLink.setAttribute(
      'aria-label',
      pieces === 0 ? 'Cart, empty' : `Cart, ${pieces} ${pieces === 1 ? 'piece' : 'pieces'}`,
    );
  };
  cart.watch(showCount);
  showCount();
  const departments = categories.map((category) =>
    element('a', { href: pathOf({ page: 'category', category }) }, category),
  );
  return {
    node: element(
      'header',
      { class: 'top' },
      element(
        'div',
        { class: 'top-row' },
        element('a', { class: 'name', href: pathOf({ page: 'home' }) }, 'Nook & Grain'),
        form,
        cartLink,
      ),
      element('nav', { 'aria-label': 'Departments' }, departments),
    ),
    at(route) {
      const here = route.page === 'category' ? route.category : '';
      departments.forEach((link, index) => {
        if (categories[index] === here) link.setAttribute('aria-current', 'page');
        else link.removeAttribute('aria-current');
      });
      if (route.page === 'search') field.value = route.query;
    },
  };
}
