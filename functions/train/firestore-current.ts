import type { Firestore } from '@google-cloud/firestore';
import { CurrentModel } from '../../shared/events.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { CurrentModels } from './train.ts';

/** `models/current` in Firestore. */
export function makeFirestoreCurrent(firestore: Firestore): CurrentModels {
  const reference = firestore.collection(COLLECTIONS.models).doc('current');
  return {
    async read() {
      const snapshot = await reference.get();
      return snapshot.exists ? CurrentModel.parse(snapshot.data()) : undefined;
    },
    write: async (model) => void (await reference.set(model)),
  };
}
