import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listen } from '../../../emulators/emulator.ts';
import { makeSite } from '../../../emulators/hosting/site.ts';
import { catalogDocument, type SettingsDocument } from '../../../emulators/hosting/storefront-documents.ts';
import { makeCatalog } from '../../../emulators/shop/catalog.ts';

/** The storefront's pages with nothing behind them. */
export interface ShownShop {
  readonly url: string;
  close(): Promise<void>;
}

const BUILD = fileURLToPath(new URL('../../../web/build.ts', import.meta.url));
/** Addresses at which nobody listens. */
const SETTINGS: SettingsDocument = {
  firebase: { projectId: 'demo-nobody', apiKey: 'none' },
  collector: { url: 'http://127.0.0.1:9', writeKey: 'none' },
  emulators: { auth: 'http://127.0.0.1:9', firestore: '127.0.0.1:9' },
};

/** Builds the pages and serves them. */
export async function showShop(): Promise<ShownShop> {
  const folder = mkdtempSync(join(tmpdir(), 'nextclick-shop-'));
  execFileSync(process.execPath, [BUILD, '--out', folder]);
  const products = makeCatalog(20_251);
  const site = makeSite({
    folder: async () => folder,
    documents: { '/storefront.json': () => SETTINGS, '/catalog.json': () => catalogDocument(products) },
  });
  const listening = await listen(site);
  return {
    url: `http://127.0.0.1:${listening.port}`,
    close: async () => {
      await listening.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
