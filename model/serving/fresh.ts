import type { Offer, Prediction } from '../protocol.ts';
import { suit, type Taste } from './suit.ts';

/** One place in so many goes to a new product that suits. */
const EVERY = 5;

/**
 * A list with new products in it: at every fifth place one that suits the shopper, the best first; any that are left
 * over where the list is shorter than `limit`.
 */
export function withFresh(
  listed: Prediction['items'],
  offers: readonly Offer[],
  taste: Taste,
  limit: number,
): Prediction['items'] {
  if (offers.length === 0) return listed;
  const waiting = offers
    .map((offer) => ({ offer, worth: suit(offer, taste) }))
    .toSorted((a, b) => b.worth - a.worth);
  const mixed: Prediction['items'] = [];
  const show = (score: number): void => {
    const next = waiting.shift();
    if (!next) return;
    const { item_id, category } = next.offer;
    mixed.push({ item_id, score, reason: { kind: 'new', ...(category !== undefined && { category }) } });
  };
  for (const item of listed) {
    if (mixed.length % EVERY === EVERY - 1 && (waiting[0]?.worth ?? 0) > 0) show(item.score);
    mixed.push(item);
  }
  while (mixed.length < limit && waiting.length > 0) show(0);
  return mixed.slice(0, limit);
}
