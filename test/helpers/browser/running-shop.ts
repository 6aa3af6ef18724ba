import type { FunctionLine } from '../../../emulators/functions.ts';
import { startHosting } from '../../../emulators/hosting/index.ts';
import { makeIngestClient } from '../../../emulators/ingest-client.ts';
import { makeShop } from '../../../emulators/shop/shop.ts';
import { type Stack, startStack } from '../../../emulators/stack.ts';
import { openStores, type Stores } from '../../../emulators/stores.ts';
import { startBrowser } from './chromium.ts';
import { openVisit, type VisitOptions, type Visitor } from './visit.ts';

/** The whole stack with the demonstration shop open and nobody in it, and a browser. */
export interface RunningShop {
  readonly url: string;
  readonly stack: Stack;
  readonly stores: Stores;
  /** A browser of its own with the storefront open; what the page logs as an error is kept. */
  visit(options?: VisitOptions): Promise<Visitor>;
  /** Every visitor leaves. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

export interface RunningShopOptions {
  /** That the first model is trained from. */
  readonly pastVisits?: number;
  /** Each line that a function logs. */
  readonly onLine?: (line: FunctionLine) => void;
}

export async function startRunningShop({
  pastVisits = 400,
  onLine = () => undefined,
}: RunningShopOptions = {}): Promise<RunningShop> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer().catch(() => undefined);
  };
  try {
    const stack = await startStack({ onLine });
    closers.push(stack.close);
    const stores = openStores(stack);
    closers.push(stores.close);
    const ingest = makeIngestClient({ url: stack.ingestUrl, writeKey: stack.writeKey });
    const shop = makeShop({
      stores,
      project: stack.project,
      ingest,
      isServed: async () => true,
      say: () => undefined,
      pastVisits,
    });
    await shop.open();
    const hosting = await startHosting({ stack, products: shop.products });
    closers.push(hosting.close);
    const browser = await startBrowser();
    closers.push(() => browser.close());
    return {
      url: hosting.url,
      stack,
      stores,
      visit: (options) => openVisit(browser, hosting.url, options),
      leave: async () => {
        await Promise.all(browser.contexts().map((context) => context.close()));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
