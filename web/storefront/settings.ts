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
  const response = await fetch('/storefront.json');
  const settings = (await response.json()) as Partial<Settings>;
  if (
    !response.ok ||
    !settings.firebase?.projectId ||
    !settings.collector?.url ||
    !settings.collector.writeKey
  )
    throw new Error('/storefront.json must have firebase.projectId, collector.url and collector.writeKey');
  return settings as Settings;
}
