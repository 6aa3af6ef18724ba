import { orderOf } from '../shop/events.ts';
import { money } from '../shop/money.ts';
import { element } from '../ui/element.ts';
import { cartPage } from './cart.ts';
import type { Page, Shop } from './page.ts';

const FIELDS: readonly (readonly [id: string, label: string, complete: string, type: string])[] = [
  ['name', 'Name', 'name', 'text'],
  ['email', 'E-mail', 'email', 'email'],
  ['address', 'Street and number', 'street-address', 'text'],
  ['city', 'Postcode and city', 'address-level2', 'text'],
];

/** What is written here stays here: no field of it is part of an event. */
export function checkoutPage(shop: Shop): Page {
  const { cart } = shop;
  if (cart.lines().length === 0) return cartPage(shop);
  const buy = (event: Event): void => {
    event.preventDefault();
    shop.act('purchase', {
      ...orderOf(cart.lines(), cart.total()),
      transaction_id: crypto.getRandomValues(new Uint32Array(2)).join('-'),
    });
    cart.clear();
    shop.go({ page: 'thanks' });
  };
  const sum = element('p', { class: 'sum' });
  const drawSum = (): void => {
    sum.replaceChildren(`${cart.count()} pieces `, element('strong', {}, money(cart.total())));
  };
  drawSum();
  return {
    title: 'Checkout',
    row: 'none',
    content: [
      element('h1', { tabindex: -1 }, 'Checkout'),
      element(
        'form',
        { class: 'checkout', submit: buy },
        element(
          'p',
          { class: 'quiet' },
          'This is a demonstration: nothing is charged, nothing is sent, and what you write here goes nowhere.',
        ),
        FIELDS.map(([id, label, autocomplete, type]) =>
          element(
            'label',
            { for: id },
            label,
            element('input', { id, name: id, type, autocomplete, required: true }),
          ),
        ),
        sum,
        element('button', { class: 'button', type: 'submit' }, 'Order'),
      ),
    ],
    cartChanged: () => (cart.lines().length === 0 ? shop.go({ page: 'cart' }) : drawSum()),
    arrived: () => shop.act('begin_checkout', orderOf(cart.lines(), cart.total())),
  };
}

export function thanksPage(): Page {
  return {
    title: 'Thank you',
    row: 'after',
    content: [
      element(
        'div',
        { class: 'empty' },
        element('h1', { tabindex: -1 }, 'Thank you'),
        element('p', {}, 'Your order would be on its way now. What you bought is not recommended again.'),
      ),
    ],
  };
}
