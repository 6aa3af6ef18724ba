import { pictureUrl } from '../pictures/picture.ts';
import type { CartLine } from '../shop/cart.ts';
import { itemOf, orderOf } from '../shop/events.ts';
import { money } from '../shop/money.ts';
import { pathOf } from '../shop/route.ts';
import { element } from '../ui/element.ts';
import { relatedSection } from '../ui/related-section.ts';
import type { Page, Shop } from './page.ts';

export function cartPage(shop: Shop): Page {
  const { cart } = shop;
  const content = element('div', {});
  const below = element('div', {});
  const draw = (): void => {
    content.replaceChildren(...(cart.lines().length === 0 ? emptyCart() : fullCart(shop, draw)));
    const products = cart.lines().map(({ product }) => product);
    below.replaceChildren(
      relatedSection(shop, {
        heading: 'Goes well with these',
        list: 'together',
        products: shop.related.together(products),
      }),
    );
  };
  draw();
  return {
    title: 'Cart',
    row: 'after',
    content: [element('h1', { tabindex: -1 }, 'Your cart'), content],
    below: [below],
    cartChanged: draw,
    arrived: () => {
      if (cart.lines().length > 0) shop.act('view_cart', orderOf(cart.lines(), cart.total()));
    },
  };
}

function emptyCart(): HTMLElement[] {
  return [
    element('p', { class: 'empty' }, 'There is nothing in it yet.'),
    element('a', { class: 'button', href: pathOf({ page: 'home' }) }, 'Look around'),
  ];
}

function fullCart(shop: Shop, redraw: () => void): HTMLElement[] {
  const { cart } = shop;
  return [
    element(
      'ul',
      { class: 'lines' },
      cart.lines().map((line) => cartLine(shop, line, redraw)),
    ),
    element(
      'div',
      { class: 'sum' },
      element('p', {}, 'Together ', element('strong', {}, money(cart.total()))),
      element('a', { class: 'button', href: pathOf({ page: 'checkout' }) }, 'To checkout'),
    ),
  ];
}

function cartLine(shop: Shop, { product, quantity }: CartLine, redraw: () => void): HTMLElement {
  const { item_id, title, price, currency } = product;
  const change = (to: number): void => {
    shop.cart.set(item_id, to);
    const difference = to - quantity;
    shop.act(difference > 0 ? 'add_to_cart' : 'remove_from_cart', {
      items: [{ ...itemOf(product), quantity: Math.abs(difference) }],
      value: price * Math.abs(difference),
      currency: currency ?? 'EUR',
    });
    redraw();
    shop.say(to === 0 ? `${title} is out of your cart.` : `${to} × ${title}.`);
  };
  const field = element('input', {
    type: 'number',
    min: 0,
    max: 99,
    value: quantity,
    'aria-label': `How many of ${title}`,
    change: () => {
      const to = Math.max(0, Math.min(99, Math.floor(Number(field.value) || 0)));
      if (to !== quantity) change(to);
    },
  });
  return element(
    'li',
    {},
    element('img', { src: pictureUrl(product), alt: '', width: 400, height: 400 }),
    element('a', { href: pathOf({ page: 'product', id: item_id }) }, title),
    field,
    element('span', { class: 'price' }, money(price * quantity, currency)),
    element(
      'button',
      { type: 'button', class: 'quiet-button', click: () => change(0), 'aria-label': `Remove ${title}` },
      'Remove',
    ),
  );
}
