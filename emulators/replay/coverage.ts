import { readArtifact } from '../../model/artifact.ts';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS, DATASET } from '../../shared/pipeline.ts';
import type { Stores } from '../stores.ts';
import { currentModel } from '../training.ts';

/** How many visitors touched an item that the model knows, and how many of them have recommendations. */
export interface Coverage {
  readonly users_known: number;
  readonly users_known_recommended: number;
}

/** Asks the model's artifact, the warehouse and Firestore; each is the word of its own store. */
export async function coverage(stores: Stores): Promise<Coverage> {
  const model = await currentModel(stores);
  if (!model) return { users_known: 0, users_known_recommended: 0 };
  const { bucket = '', prefix = '' } =
    /^gs:\/\/(?<bucket>[^/]+)\/(?<prefix>.+)$/.exec(model.artifact_uri)?.groups ?? {};
  const artifact = await readArtifact({
    place: model.artifact_uri,
    read: async (name) => (await stores.storage.bucket(bucket).file(`${prefix}/${name}`).download())[0],
  });
  const known = new Set(artifact.itemIds);
  const query = `SELECT DISTINCT visitor_id, item.item_id AS item_id FROM \`${DATASET}.events\`, UNNEST(items) AS item WHERE origin = 'live' AND NOT device.is_bot`;
  const touched = new Set<string>();
  for await (const row of stores.bigquery.createQueryStream({ query })) {
    const { visitor_id, item_id } = row as { visitor_id: string; item_id: string };
    if (known.has(item_id)) touched.add(documentId(visitor_id));
  }
  const { docs } = await stores.firestore.collection(COLLECTIONS.recommendations).select().get();
  const shown = docs.filter(({ id }) => touched.has(id)).length;
  return { users_known: touched.size, users_known_recommended: shown };
}
