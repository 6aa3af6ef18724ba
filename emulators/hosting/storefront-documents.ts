import type { Product } from '../../shared/events.ts';
import type { ShopProduct } from '../shop/catalog.ts';
import type { Stack } from '../stack.ts';

/** What the storefront reads at its start, from `/storefront.json`; web/storefront/settings.ts reads it. */
export interface SettingsDocument {
  readonly firebase: { readonly projectId: string; readonly apiKey: string };
  readonly collector: { readonly url: string; readonly writeKey: string };
  /** Where the Firebase SDK finds emulators; absent where it is to use Google's services. */
  readonly emulators?: { readonly auth: string; readonly firestore: string };
}

export function settingsDocument({ project, ingestUrl, writeKey, emulators, env }: Stack): SettingsDocument {
  return {
    firebase: { projectId: project, apiKey: 'local' },
    collector: { url: ingestUrl, writeKey },
    emulators: { auth: emulators.get('auth')?.url ?? '', firestore: env.FIRESTORE_EMULATOR_HOST ?? '' },
  };
}

/** The shop's products, without what only its shoppers know. */
export function catalogDocument(products: readonly ShopProduct[]): { readonly products: readonly Product[] } {
  return { products: products.map(({ style: _, isNew: __, ...product }) => product) };
}
