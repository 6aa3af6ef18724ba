import { gunzipSync } from 'node:zlib';
import type { BigQuery } from '@google-cloud/bigquery';
import type { CollectionReference, DocumentReference, Firestore } from '@google-cloud/firestore';
import type { Storage } from '@google-cloud/storage';

/** Clients of every store that keeps something. */
export interface SearchedStores {
  readonly bigquery: BigQuery;
  readonly firestore: Firestore;
  readonly storage: Storage;
}

/** Every place that holds one of the texts, in whatever case: rows of all tables, all documents, all objects, and their names. */
export async function searchStores(
  { bigquery, firestore, storage }: SearchedStores,
  texts: readonly string[],
): Promise<readonly string[]> {
  const needles = texts.map((text) => text.toLowerCase());
  const found: string[] = [];
  const look = (place: string, content: string): void => {
    const lower = `${place}\n${content}`.toLowerCase();
    if (needles.some((needle) => lower.includes(needle))) found.push(place);
  };
  for (const [place, content] of await rowsOf(bigquery)) look(place, content);
  for (const [place, content] of await documentsOf(firestore)) look(place, content);
  for (const [place, content] of await objectsOf(storage)) look(place, content);
  return found.sort();
}

type Content = readonly (readonly [place: string, content: string])[];

async function rowsOf(bigquery: BigQuery): Promise<Content> {
  const rows: [string, string][] = [];
  const [datasets] = await bigquery.getDatasets();
  for (const dataset of datasets) {
    const [tables] = await dataset.getTables();
    for (const table of tables) {
      if (table.metadata.type !== 'TABLE') continue;
      const name = `${dataset.id}.${table.id}`;
      const [found] = await bigquery.query(`SELECT * FROM \`${name}\``);
      for (const row of found) rows.push([`bigquery ${name}`, JSON.stringify(row)]);
    }
  }
  return rows;
}

async function documentsOf(place: Firestore | DocumentReference): Promise<Content> {
  const found: [string, string][] = [];
  for (const collection of await place.listCollections()) found.push(...(await documentsIn(collection)));
  return found;
}

async function documentsIn(collection: CollectionReference): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for (const reference of await collection.listDocuments()) {
    const document = await reference.get();
    if (document.exists) found.push([`firestore ${reference.path}`, JSON.stringify(document.data())]);
    found.push(...((await documentsOf(reference)) as [string, string][]));
  }
  return found;
}

async function objectsOf(storage: Storage): Promise<Content> {
  const found: [string, string][] = [];
  for (const bucket of (await storage.getBuckets())[0]) {
    for (const file of (await bucket.getFiles())[0]) {
      const [content] = await file.download({ decompress: false, validation: false });
      const inflated = content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content;
      found.push([`gs://${bucket.name}/${file.name}`, inflated.toString('utf8')]);
    }
  }
  return found;
}
