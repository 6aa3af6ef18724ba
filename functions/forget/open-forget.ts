import { Firestore } from '@google-cloud/firestore';
import { makeBigQuery } from '../../shared/bigquery.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { BUCKETS, bucketName, COLLECTIONS } from '../../shared/pipeline.ts';
import { makeGcsPayloadReader } from '../replay/gcs-payload-reader.ts';
import { makeBigQueryPeople } from './bigquery-people.ts';
import { makeFirestorePeople } from './firestore-people.ts';
import { makeFirestoreTombstones } from './firestore-tombstones.ts';
import { type Forget, makeForget } from './forget.ts';
import { makeGcsPeople } from './gcs-people.ts';

export interface OpenForgetOptions {
  readonly project: string;
  readonly dataset: string;
  readonly pseudonymKey: string;
  readonly sweepAfterMs: number;
}

/** Forgetting over Google's clients, as the function and the command do it. */
export function openForget(options: OpenForgetOptions): Forget & { close(): Promise<void> } {
  const { project, dataset, pseudonymKey, sweepAfterMs } = options;
  const firestore = new Firestore({ projectId: project });
  const storage = openCloudStorage({ projectId: project });
  const quarantine = bucketName(project, BUCKETS.quarantine);
  const payloads = makeGcsPayloadReader(storage, quarantine);
  const forget = makeForget({
    rows: makeBigQueryPeople({
      bigquery: makeBigQuery(project),
      project,
      dataset,
      readPayload: payloads.read,
    }),
    documents: makeFirestorePeople(firestore),
    files: makeGcsPeople({
      storage,
      inbox: bucketName(project, BUCKETS.inbox),
      quarantine,
      isLoaded: async (uri) => {
        const loads = await firestore.collection(COLLECTIONS.loads).where('object', '==', uri).get();
        return !loads.empty && loads.docs.every((load) => load.get('state') !== 'loading');
      },
    }),
    tombstones: makeFirestoreTombstones(firestore, Date.now),
    pseudonymKey,
    sweepAfterMs,
    clock: Date.now,
  });
  return { ...forget, close: () => firestore.terminate() };
}
