import { deleteApp, type FirebaseApp, initializeApp } from 'firebase/app';
import {
  connectFirestoreEmulator,
  type Firestore,
  type FirestoreSettings,
  initializeFirestore,
  terminate,
} from 'firebase/firestore';

/** Where the page finds the emulators. */
export interface Place {
  readonly project: string;
  readonly host: string;
  readonly port: number;
  readonly authUrl: string;
}

export interface Client {
  readonly app: FirebaseApp;
  readonly db: Firestore;
}

let clients: Client[] = [];

/** A shop's page as it has Firestore: its own connections and its own cache. @param uid signed in as */
export function makeClient(place: Place, uid?: string, settings: FirestoreSettings = {}): Client {
  const app = initializeApp({ projectId: place.project, apiKey: 'none' }, `client-${crypto.randomUUID()}`);
  const db = initializeFirestore(app, settings);
  connectFirestoreEmulator(db, place.host, place.port, uid ? { mockUserToken: { sub: uid } } : {});
  const client = { app, db };
  clients.push(client);
  return client;
}

export async function closeClients(): Promise<void> {
  const open = clients;
  clients = [];
  for (const { app, db } of open) {
    await terminate(db);
    await deleteApp(app);
  }
}

/** Something that happens later, and is waited for. */
export class Log<T> {
  readonly entries: T[] = [];
  readonly #waiting: (() => void)[] = [];

  add(entry: T): void {
    this.entries.push(entry);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** The entries, once the last fits. */
  async until(fits: (last: T) => boolean): Promise<readonly T[]> {
    for (;;) {
      const last = this.entries.at(-1);
      if (last !== undefined && fits(last)) return this.entries;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

/** The code of what is thrown. */
export async function codeOf(act: Promise<unknown>): Promise<string> {
  return act.then(
    () => 'ok',
    (error: { readonly code?: string }) => error.code ?? String(error),
  );
}
