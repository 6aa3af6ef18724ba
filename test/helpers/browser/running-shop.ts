import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startHosting } from '../../../emulators/hosting/index.ts';
import { makeIngestClient } from '../../../emulators/ingest-client.ts';
import { makeShop } from '../../../emulators/shop/shop.ts';
import { type Stack, startStack } from '../../../emulators/stack.ts';
import { openStores, type Stores } from '../../../emulators/stores.ts';
import { startBrowser } from './chromium.ts';

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

export interface VisitOptions {
  /** Default `/`. */
  readonly path?: string;
  /** What the visitor answered before; undefined: the banner asks. */
  readonly choice?: { readonly analytics: boolean; readonly personalization: boolean } | undefined;
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly errors: readonly string[];
}

/** As a person's browser calls itself: recommendations are not made for a headless one, which counts as a bot. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** @param pastVisits that the first model is trained from */
export async function startRunningShop({
  pastVisits = 400,
  say = (_line: string) => {},
} = {}): Promise<RunningShop> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer().catch(() => undefined);
  };
  try {
    const stack = await startStack({ say });
    closers.push(stack.close);
    const stores = openStores(stack);
    closers.push(stores.close);
    const ingest = makeIngestClient({ url: stack.ingestUrl, writeKey: stack.writeKey });
    const shop = makeShop({
      stores,
      project: stack.project,
      ingest,
      isServed: async () => true,
      say,
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

/** A visitor who allows personal picks. */
export const ALLOWED = { analytics: true, personalization: true };

async function openVisit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visitor> {
  const { path = '/', choice, dark = false, width = 1280, height = 900 } = options;
  const context = await browser.newContext({
    userAgent: USER_AGENT,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-IE',
  });
  if (choice) {
    const kept = JSON.stringify(choice);
    await context.addInitScript(
      `localStorage.getItem('shop.consent') ?? localStorage.setItem('shop.consent', '${kept}')`,
    );
  }
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url + path);
  await page.locator('main h1').waitFor({ state: 'attached' });
  return { context, page, errors };
}
