import { pictureUrl } from '../pictures/picture.ts';
import { money } from '../shop/money.ts';
import { pathOf } from '../shop/route.ts';
import { element } from '../ui/element.ts';
import { moveSoftly, positionsOf } from './motion.ts';
import type { RowItem, RowView } from './view.ts';

/** The row of recommendations on the page. */
export interface Row {
  readonly node: HTMLElement;
  /** Draws what changed: products that stay move to their new places, new ones come in softly. */
  show(view: RowView): void;
  /** Places, from 0, of the products that can be seen: half of their width is within the row. */
  inSight(): readonly number[];
}

/** @param onClick told which product of the row was chosen, and its place from 0 */
export function makeRow(onClick: (item: RowItem, index: number) => void): Row {
  const heading = element('h2', { id: 'for-you-heading' });
  // Read out when it changes, and nothing else of the row.
  const note = element('p', { class: 'for-you-note', role: 'status' });
  const list = element('ul', { class: 'for-you-list', 'aria-labelledby': 'for-you-heading' });
  const node = element(
    'section',
    { class: 'for-you', 'aria-labelledby': 'for-you-heading' },
    element('header', {}, heading, note),
    // What is scrolled by touch or wheel must be scrolled by keys too.
    element(
      'div',
      { class: 'for-you-scroller', tabindex: 0, role: 'group', 'aria-labelledby': 'for-you-heading' },
      list,
    ),
  );
  let cards = new Map<string, Card>();

  return {
    node,
    show(view) {
      if (heading.textContent !== view.heading) heading.textContent = view.heading;
      if (note.textContent !== view.note) note.textContent = view.note;
      node.dataset.source = view.source;
      const before = positionsOf(list);
      const next = new Map<string, Card>();
      view.items.forEach((item, index) => {
        const card = cards.get(item.item_id) ?? makeCard(item);
        card.update(item, () => onClick(item, index));
        next.set(item.item_id, card);
      });
      list.replaceChildren(...[...next.values()].map((card) => card.node));
      cards = next;
      moveSoftly(list, before);
      // Last: who waits for it sees the row that it names.
      node.dataset.recommendation = view.recommendationId ?? '';
    },
    inSight() {
      const { left, right } = list.parentElement?.getBoundingClientRect() ?? { left: 0, right: 0 };
      return [...list.children].flatMap((child, index) => {
        const box = child.getBoundingClientRect();
        return Math.min(box.right, right) - Math.max(box.left, left) >= box.width / 2 ? [index] : [];
      });
    },
  };
}

interface Card {
  readonly node: HTMLElement;
  update(item: RowItem, onClick: () => void): void;
}

function makeCard(item: RowItem): Card {
  const reason = element('span', { class: 'reason' });
  let clicked = (): void => undefined;
  const node = element(
    'li',
    { class: 'pick' },
    element(
      'a',
      { href: pathOf({ page: 'product', id: item.item_id }), click: () => clicked() },
      element('img', { src: pictureUrl(item), alt: '', width: 400, height: 400 }),
      element('span', { class: 'pick-title' }, item.title),
      item.price !== undefined && element('span', { class: 'price' }, money(item.price, item.currency)),
      reason,
    ),
  );
  return {
    node,
    update({ reason: why }, onClick) {
      clicked = onClick;
      if (reason.textContent !== (why ?? '')) reason.textContent = why ?? '';
    },
  };
}
