import type { Firestore } from '@google-cloud/firestore';
import { CurrentModel } from '../../shared/events.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';

/** Reads `models/current`, at most once per `ttlMs`; that there is none is asked again every second. */
export function makeCurrentModel(
  firestore: Firestore,
  { ttlMs, clock }: { readonly ttlMs: number; readonly clock: () => number },
): () => Promise<CurrentModel | undefined> {
  const reference = firestore.collection(COLLECTIONS.models).doc('current');
  let answer: { readonly expires: number; readonly model: Promise<CurrentModel | undefined> } | undefined;
  const read = async (): Promise<CurrentModel | undefined> => {
    const snapshot = await reference.get();
    return snapshot.exists ? CurrentModel.parse(snapshot.data()) : undefined;
  };
  return () => {
    const now = clock();
    if (answer && answer.expires > now) return answer.model;
    const model = read();
    answer = { expires: now + ttlMs, model };
    const soonest = Math.min(ttlMs, 1000);
    model.then(
      (found) => {
        if (!found) answer = { expires: now + soonest, model };
      },
      () => {
        answer = undefined;
      },
    );
    return model;
  };
}
