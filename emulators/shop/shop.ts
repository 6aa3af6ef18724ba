import { gzipSync } from 'node:zlib';
import type { CurrentModel } from '../../shared/events.ts';
import { documentId } from '../../shared/ids.ts';
import { BUCKETS, bucketName, COLLECTIONS } from '../../shared/pipeline.ts';
import { readConservation, settled } from '../conservation.ts';
import type { IngestClient } from '../ingest-client.ts';
import type { Stores } from '../stores.ts';
import { currentModel, trainModel } from '../training.ts';
import { makeCatalog, type ShopProduct } from './catalog.ts';
import { makeRandom, type Random } from './random.ts';
import { makeRecommendedRow, type RecommendedRow } from './recommended-row.ts';
import { makeShopper, type ShopEvent, type Shopper, visit } from './shoppers.ts';

const DAY_MS = 86_400_000;

export interface ShopOptions {
  readonly stores: Stores;
  readonly project: string;
  readonly ingest: IngestClient;
  /** Whether a kept model still answers. */
  readonly isServed: (model: CurrentModel) => Promise<boolean>;
  readonly say: (line: string) => void;
  /** Told of every event that ingest accepted. */
  readonly onSent?: (event: ShopEvent) => void;
  readonly seed?: number;
  /** Visits in the two weeks before the shop opens here. */
  readonly pastVisits?: number;
  /** Shoppers who click at the same time once it is open. */
  readonly liveShoppers?: number;
}

/** The demonstration shop: a catalogue, a past to learn from, and shoppers who keep clicking. */
export interface Shop {
  readonly products: readonly ShopProduct[];
  /** Fills catalogue and history, and has the first model trained; what the data folder already holds is kept. */
  open(): Promise<void>;
  /** Lets shoppers click until the signal aborts. */
  trade(signal: AbortSignal): Promise<void>;
}

export function makeShop(options: ShopOptions): Shop {
  const { stores, say, seed = 20_251, pastVisits = 1500, liveShoppers = 24 } = options;
  const random = makeRandom(seed);
  const products = makeCatalog(seed);
  const regulars = Array.from({ length: 400 }, (_, index) =>
    makeShopper(random, products, `visitor-${String(index + 1).padStart(4, '0')}`),
  );

  return {
    products,
    async open() {
      const kept = await currentModel(stores);
      if (kept && (await options.isServed(kept))) {
        say('the data folder holds a shop with a model: going on from there');
        return;
      }
      if (kept) {
        say(`the kept model ${kept.model_version} is not one that this release serves: training anew`);
        const model = await trainModel(stores, 14);
        say(`model ${model.model_version} is trained from the kept clicks and deployed`);
        return;
      }
      const known = products.filter(({ isNew }) => !isNew);
      await writeCatalog(stores, options.project, products);
      say(`catalogue: ${products.length} products dropped into the inbox bucket`);
      const events = past(random, known, regulars, pastVisits);
      await writeHistory(stores, options.project, events);
      say(`history: ${events.length} events of ${pastVisits} visits dropped into the inbox bucket`);
      await until(async () => settled(await readConservation(stores)) >= events.length);
      const model = await trainModel(stores, 14);
      say(`model ${model.model_version} is trained from the warehouse and deployed`);
    },
    async trade(signal) {
      const row = makeRecommendedRow({ screen: (visitor) => screenOf(stores, visitor), products, random });
      const patrons = Array.from({ length: liveShoppers }, () =>
        patronize({ ...options, row }, random, products, regulars, signal),
      );
      await Promise.all(patrons);
    },
  };
}

/** The shop's past, oldest first, ending an hour ago. */
function past(
  random: Random,
  products: readonly ShopProduct[],
  shoppers: readonly Shopper[],
  visits: number,
): readonly ShopEvent[] {
  const end = Date.now() - DAY_MS / 24;
  const events: ShopEvent[] = [];
  for (let index = 0; index < visits; index += 1) {
    const shopper = shoppers[random.below(shoppers.length)];
    if (shopper)
      events.push(...visit(random, products, shopper, end - Math.floor(random.next() * 14 * DAY_MS)));
  }
  return events.sort((a, b) => (a.event_time < b.event_time ? -1 : 1));
}

/** Drops the catalogue into the inbox bucket, as any shop would, and waits until it can be read. */
async function writeCatalog(
  { storage, firestore }: Stores,
  project: string,
  products: readonly ShopProduct[],
) {
  const added_at = new Date().toISOString();
  const feed = products
    .map(({ style: _, isNew, ...product }) => JSON.stringify({ ...product, ...(isNew && { added_at }) }))
    .join('\n');
  await storage
    .bucket(bucketName(project, BUCKETS.inbox))
    .file('catalog/products.ndjson')
    .save(`${feed}\n`, { resumable: false });
  const kept = firestore.collection(COLLECTIONS.catalog).count();
  await until(async () => (await kept.get()).data().count >= products.length);
}

async function writeHistory(
  { storage }: Stores,
  project: string,
  events: readonly ShopEvent[],
): Promise<void> {
  const lines = events.map((event) => JSON.stringify(event)).join('\n');
  await storage
    .bucket(bucketName(project, BUCKETS.inbox))
    .file(`history/native/${events[0]?.event_time.slice(0, 10)}.ndjson.gz`)
    .save(gzipSync(`${lines}\n`), { resumable: false, contentType: 'application/gzip' });
}

/** What is on a visitor's screen. */
async function screenOf({ firestore }: Stores, visitor: string): Promise<unknown> {
  return (await firestore.collection(COLLECTIONS.recommendations).doc(documentId(visitor)).get()).data();
}

/** One place in the shop: visit after visit, by a regular or a new face, at a human pace. */
async function patronize(
  { ingest, onSent, say, row }: ShopOptions & { readonly row: RecommendedRow },
  random: Random,
  products: readonly ShopProduct[],
  regulars: readonly Shopper[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const shopper =
      random.chance(0.7) && regulars.length > 0
        ? regulars[random.below(regulars.length)]
        : makeShopper(
            random,
            products,
            `visitor-new-${Date.now().toString(36)}${random.below(1e6).toString(36)}`,
          );
    if (!shopper) continue;
    for (const event of visit(random, products, shopper, Date.now())) {
      await pause(500 + random.below(3000), signal);
      if (signal.aborted) return;
      const now = { ...event, event_time: new Date().toISOString() };
      try {
        const events = [...(await row.look(shopper)), now];
        await ingest.send(events);
        for (const each of events) onSent?.(each);
      } catch (error) {
        if (!signal.aborted)
          say(`a shopper's click was not taken: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 250));
}
