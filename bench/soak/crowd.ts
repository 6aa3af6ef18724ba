import { randomUUID } from 'node:crypto';
import type { IngestClient } from '../../emulators/ingest-client.ts';
import { makeRandom } from '../../emulators/shop/random.ts';

/** Shoppers who click at a rate, whether or not they are answered (an open loop). */
export interface Crowd {
  /** Clicks for so many seconds; resolves when the last were sent, which may not be answered yet. */
  click(perSecond: number, seconds: number): Promise<void>;
  /** Resolves once every click was taken. Answers how many there were. */
  settled(): Promise<number>;
}

/** Events of one request: what a tracker gathers. */
const REQUEST_EVENTS = 5;
const VISITORS = 800;
const ITEMS = 96;

/** Each second's requests come at its beginning, at once: real crowds come in clumps. */
export function makeCrowd(ingest: IngestClient, signal?: AbortSignal): Crowd {
  const random = makeRandom(Date.now());
  const open = new Set<Promise<unknown>>();
  let clicks = 0;
  let failure: unknown;

  const send = (count: number): void => {
    const visitor = `crowd-${random.rank(VISITORS)}`;
    clicks += count;
    const request = ingest.send(Array.from({ length: count }, () => clickOf(visitor))).catch((error) => {
      failure ??= error;
    });
    open.add(request);
    void request.finally(() => open.delete(request));
  };
  const clickOf = (visitor: string): object => ({
    event_id: randomUUID(),
    event_name: random.chance(0.1) ? 'add_to_cart' : 'view_item',
    event_time: new Date().toISOString(),
    anonymous_id: visitor,
    items: [{ item_id: `sku-${String(1 + random.rank(ITEMS)).padStart(4, '0')}`, price: 9.5 }],
  });

  return {
    async click(perSecond, seconds) {
      const began = Date.now();
      for (let second = 0; second < seconds && !signal?.aborted; second += 1) {
        const wait = began + second * 1000 - Date.now();
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        for (let left = perSecond; left > 0; left -= REQUEST_EVENTS) send(Math.min(left, REQUEST_EVENTS));
      }
    },
    async settled() {
      while (open.size > 0) await Promise.all(open);
      if (failure !== undefined) throw failure;
      return clicks;
    },
  };
}
