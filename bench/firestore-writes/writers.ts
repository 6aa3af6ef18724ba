import type { Firestore } from '@google-cloud/firestore';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { encodedCommits, profile } from './profiles.ts';

/** Documents per commit: what the official clients' batches had at most for years. */
export const BATCH = 500;
/** Commits under way at once, each on a connection of its own where the client lets one choose. */
const AT_A_TIME = 4;
const COMMIT = '/google.firestore.v1.Firestore/Commit';

/** Writes so many new documents, and resolves with the seconds that took, preparations aside. */
export type Write = (collection: string, documents: number) => Promise<number>;

/** As requests that are encoded beforehand, which leaves the client next to nothing to do. */
export function encodedWriter(host: string): { readonly write: Write; close(): void } {
  const metadata = new Metadata();
  metadata.set('authorization', 'Bearer owner');
  const clients = Array.from(
    { length: AT_A_TIME },
    () => new Client(host, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 }),
  );
  const pass = (bytes: Buffer): Buffer => bytes;
  const commit = (client: Client, request: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      client.makeUnaryRequest(COMMIT, pass, pass, request, metadata, (error) =>
        error ? reject(error) : resolve(),
      );
    });
  return {
    write: (collection, documents) => {
      const requests = encodedCommits(collection, documents, BATCH);
      return seconds(() =>
        Promise.all(clients.map((client) => drain(requests, (each) => commit(client, each)))),
      );
    },
    close: () => {
      for (const client of clients) client.close();
    },
  };
}

/** As batches of the official client. */
export function batchWriter(db: Firestore): Write {
  return (collection, documents) => {
    const starts = Array.from({ length: documents / BATCH }, (_, index) => index * BATCH);
    const commit = async (start: number): Promise<void> => {
      const batch = db.batch();
      for (let index = start; index < start + BATCH; index++) {
        batch.set(db.doc(`${collection}/visitor-${index}`), profile(index));
      }
      await batch.commit();
    };
    return seconds(() => Promise.all(Array.from({ length: AT_A_TIME }, () => drain(starts, commit))));
  };
}

/** By the official client's bulk writer. */
export function bulkWriter(db: Firestore): Write {
  return (collection, documents) => {
    const writer = db.bulkWriter({ throttling: false });
    return seconds(async () => {
      const written = Array.from({ length: documents }, (_, index) =>
        writer.set(db.doc(`${collection}/visitor-${index}`), profile(index)),
      );
      await Promise.all([...written, writer.close()]);
    });
  };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

/** Takes from a list, one after the other, until it is empty. */
async function drain<T>(items: T[], take: (item: T) => Promise<void>): Promise<void> {
  for (let item = items.shift(); item !== undefined; item = items.shift()) await take(item);
}
