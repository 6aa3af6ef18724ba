import { makeCatalog, type ShopProduct } from '../../emulators/shop/catalog.ts';
import { makeRandom } from '../../emulators/shop/random.ts';
import { makeShopper, type ShopEvent, visit } from '../../emulators/shop/shoppers.ts';
import type { RawEvent } from '../../shared/events.ts';

/** The demonstration shop's products; always the same. */
export const PRODUCTS: readonly ShopProduct[] = makeCatalog(7, 1);

const VISIT_EVERY_MS = 3_000;

/** That many events of shoppers who come and go, in order of visits; always the same for one beginning and seed. */
export function clicks(count: number, began: number, seed = 7): ShopEvent[] {
  const random = makeRandom(seed);
  const events: ShopEvent[] = [];
  for (let visits = 0; events.length < count; visits += 1) {
    const shopper = makeShopper(random, PRODUCTS, `shopper-${random.below(Math.ceil(count / 20))}`);
    events.push(...visit(random, PRODUCTS, shopper, began + visits * VISIT_EVERY_MS));
  }
  return events.slice(0, count);
}

/** The same, all of the last second: a crowd that clicks at once. */
export function clicksOfNow(count: number, seed: number): ShopEvent[] {
  const began = Date.now() - 1000;
  return clicks(count, began, seed).map((event, index) => ({
    ...event,
    event_id: `${seed}-${began}-${index}`,
    event_time: new Date(began + (index * 1000) / count).toISOString(),
  }));
}

/** The same as ingest puts them on `clickstream-raw`. */
export function rawClicks(count: number, now: number): RawEvent[] {
  return asRaw(clicks(count, now - 3_600_000), now);
}

/** Events as ingest puts them on `clickstream-raw`. */
export function asRaw(events: readonly ShopEvent[], now: number): RawEvent[] {
  const collector = {
    received_at: new Date(now).toISOString(),
    protocol: 'native',
    origin: 'live',
    ip: '198.51.100.0',
    user_agent:
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    country: 'DE',
  } as const;
  return events.map((event) => ({ ...event, collector }));
}
