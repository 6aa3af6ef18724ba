import type { Product } from '../../shared/events.ts';

/** What the storefront is told at its start, from `/storefront.json`. docs/storefront.md says how a shop makes it. */
export interface Settings {
  /** As the Firebase console gives it for a web app. */
  readonly firebase: { readonly projectId: string; readonly apiKey: string; readonly [name: string]: string };
  readonly collector: { readonly url: string; readonly writeKey: string };
  /** Where the Firebase SDK finds emulators: a URL, and host and port. */
  readonly emulators?: { readonly auth: string; readonly firestore: string };
}

/** @throws Error where the file is not there, or says too little */
export async function readSettings(): Promise<Settings> {
  const settings = (await readJson('/storefront.json')) as Partial<Settings>;
  if (!settings.firebase?.projectId || !settings.collector?.url || !settings.collector.writeKey)
    throw new Error('/storefront.json must have firebase.projectId, collector.url and collector.writeKey');
  return settings as Settings;
}

/** The products of `/catalog.json`. @throws Error where it has none */
export async function readProducts(): Promise<readonly Product[]> {
  const { products } = (await readJson('/catalog.json')) as { readonly products?: unknown };
  if (!Array.isArray(products)) throw new Error('/catalog.json must have a list of products');
  return products;
}

async function readJson(path: string): Promise<object> {
  const response = await fetch(path);
  const value: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  if (typeof value !== 'object' || value === null)
    throw new Error(`${path} is not there, or is no JSON (${response.status})`);
  return value;
}
