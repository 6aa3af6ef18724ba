import type { NativeEvent } from '../../shared/events.ts';
import { stableId } from '../../shared/ids.ts';
import type { ShopProduct } from './catalog.ts';
import type { Random } from './random.ts';

/** Someone who visits the shop: one style and two categories appeal more than the rest. */
export interface Shopper {
  readonly id: string;
  readonly style: number;
  readonly categories: readonly string[];
}

/** A shopper's event with the id that makes a retry harmless. */
export type ShopEvent = NativeEvent & { readonly event_id: string; readonly event_time: string };

export function makeShopper(random: Random, products: readonly ShopProduct[], id: string): Shopper {
  const categories = [...new Set(products.map(({ category }) => category))];
  const styles = Math.max(...products.map(({ style }) => style)) + 1;
  const first = random.below(categories.length);
  const favourites = [first, (first + 1 + random.below(categories.length - 1)) % categories.length];
  return { id, style: random.rank(styles), categories: favourites.map((index) => categories[index] ?? '') };
}

/** Where a shopper looks next: mostly what matches the product at hand, in style or in kind. */
function nextProduct(
  random: Random,
  products: readonly ShopProduct[],
  shopper: Shopper,
  current: ShopProduct | undefined,
): ShopProduct {
  const whim = random.next();
  const fits = (product: ShopProduct): boolean => {
    if (product === current) return false;
    if (!current || whim < 0.2)
      return shopper.categories.includes(product.category) && product.style === shopper.style;
    if (whim < 0.65) return product.style === current.style;
    if (whim < 0.92) return product.category === current.category;
    return true;
  };
  const candidates = products.filter(fits);
  const [fallback] = products;
  const chosen = candidates[random.rank(candidates.length)] ?? fallback;
  if (!chosen) throw new Error('the shop has no products');
  return chosen;
}

/**
 * One visit, oldest event first: products looked at some seconds apart, some put into the cart, a few bought.
 * @param start epoch milliseconds of the first click
 */
export function* visit(
  random: Random,
  products: readonly ShopProduct[],
  shopper: Shopper,
  start: number,
): Generator<ShopEvent> {
  let at = start;
  let current: ShopProduct | undefined;
  const cart: ShopProduct[] = [];
  const event = (
    name: string,
    details: Omit<Partial<NativeEvent>, 'event_id' | 'event_time'>,
  ): ShopEvent => ({
    event_id: stableId('shop', shopper.id, String(at), name),
    event_name: name,
    event_time: new Date(at).toISOString(),
    anonymous_id: shopper.id,
    currency: 'EUR',
    ...details,
  });
  const steps = 2 + random.rank(14);
  for (let step = 0; step < steps; step += 1) {
    current = nextProduct(random, products, shopper, current);
    yield event('view_item', {
      items: [itemOf(current)],
      page: { url: pageOf(current), title: current.title },
    });
    at += 3000 + random.below(25_000);
    if (current.in_stock && random.chance(0.18)) {
      cart.push(current);
      yield event('add_to_cart', { items: [{ ...itemOf(current), quantity: 1 }], value: current.price });
      at += 2000 + random.below(6000);
    }
  }
  if (cart.length === 0 || !random.chance(0.5)) return;
  const order = {
    items: cart.map((product) => ({ ...itemOf(product), quantity: 1 })),
    value: Math.round(cart.reduce((sum, { price }) => sum + price, 0) * 100) / 100,
  };
  yield event('begin_checkout', order);
  at += 8000 + random.below(20_000);
  yield event('purchase', { ...order, transaction_id: stableId('order', shopper.id, String(at)) });
}

function itemOf({ item_id, price }: ShopProduct) {
  return { item_id, price };
}

function pageOf({ item_id }: ShopProduct): string {
  return `https://shop.example/products/${item_id}`;
}
