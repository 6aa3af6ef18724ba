import type { DocumentSnapshot, Firestore } from '@google-cloud/firestore';
import { CurrentModel } from '../../shared/events.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { Ledger } from './ledger.ts';
import { ModelRecord } from './model-record.ts';

const CURRENT = 'current';
/** Records shown at most. */
const LISTED = 100;

/** The ledger in Firestore: `models/{version}`, and `models/current`. */
export function makeFirestoreLedger(firestore: Firestore): Ledger {
  const collection = firestore.collection(COLLECTIONS.models);
  return {
    async current() {
      const snapshot = await collection.doc(CURRENT).get();
      return snapshot.exists ? CurrentModel.parse(snapshot.data()) : undefined;
    },
    makeCurrent: async (model) => void (await collection.doc(CURRENT).set(model)),
    async find(version) {
      const snapshot = await collection.doc(version).get();
      return snapshot.exists ? recordOf(snapshot) : undefined;
    },
    async list() {
      const { docs } = await collection.orderBy('built_at', 'desc').limit(LISTED).get();
      return docs.map(recordOf);
    },
    write: async (record) => void (await collection.doc(record.model_version).set(ModelRecord.parse(record))),
  };
}

function recordOf(snapshot: DocumentSnapshot): ModelRecord {
  return ModelRecord.parse(snapshot.data());
}
