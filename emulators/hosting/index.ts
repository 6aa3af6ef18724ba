import { resolve } from 'node:path';
import type { Hono } from 'hono';
import { listen, type RunningEmulator } from '../emulator.ts';
import type { ShopProduct } from '../shop/catalog.ts';
import type { Stack } from '../stack.ts';
import { makePages } from './pages.ts';
import { makeSite } from './site.ts';
import { catalogDocument, settingsDocument } from './storefront-documents.ts';

export interface HostingOptions {
  readonly stack: Stack;
  readonly products: readonly ShopProduct[];
  /** Applications of pages that have a server's side. */
  readonly apps?: readonly Hono[];
}

/** Firebase Hosting on this machine: the pages of `web/`, with what the storefront needs to know of this stack. */
export async function startHosting({ stack, products, apps = [] }: HostingOptions): Promise<RunningEmulator> {
  const pages = makePages(resolve('.nextclick', 'web'));
  const site = makeSite({
    folder: pages.folder,
    documents: {
      '/storefront.json': () => settingsDocument(stack),
      '/catalog.json': () => catalogDocument(products),
    },
    apps,
  });
  const listening = await listen(site);
  return {
    name: 'hosting',
    url: `http://127.0.0.1:${listening.port}`,
    env: {},
    close: async () => {
      await Promise.all([pages.stop(), listening.close()]);
    },
  };
}
