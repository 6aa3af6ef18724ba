import type { Firestore } from '@google-cloud/firestore';
import { makeCachedRead } from '../../shared/cached-read.ts';
import { CurrentModel } from '../../shared/events.ts';
import { STORE_READ_MS } from '../../shared/limits.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';

/** How soon it is asked again whether there is a model by now. */
const ABSENT_MS = 1000;

/** Reads `models/current`, at most once per `ttlMs`; that there is none is asked again every second. */
export function makeCurrentModel(
  firestore: Firestore,
  { ttlMs, clock }: { readonly ttlMs: number; readonly clock: () => number },
): () => Promise<CurrentModel | undefined> {
  const reference = firestore.collection(COLLECTIONS.models).doc('current');
  const read = async (): Promise<CurrentModel | undefined> => {
    const snapshot = await reference.get();
    return snapshot.exists ? CurrentModel.parse(snapshot.data()) : undefined;
  };
  return makeCachedRead({
    what: 'the current model',
    read,
    ttlMs: (found) => (found ? ttlMs : Math.min(ttlMs, ABSENT_MS)),
    deadlineMs: STORE_READ_MS,
    clock,
  });
}
