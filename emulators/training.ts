import { randomUUID } from 'node:crypto';
import { CurrentModel, type TrainRequest } from '../shared/events.ts';
import { encodeBatches } from '../shared/message.ts';
import { COLLECTIONS, TOPICS } from '../shared/pipeline.ts';
import type { Stores } from './stores.ts';

/** The model being served; undefined before the first. */
export async function currentModel({ firestore }: Stores): Promise<CurrentModel | undefined> {
  const snapshot = await firestore.collection(COLLECTIONS.models).doc('current').get();
  return snapshot.exists ? CurrentModel.parse(snapshot.data()) : undefined;
}

/**
 * Orders a model and resolves once a newer one than before is served.
 * @throws Error when none is after `timeoutMs`.
 */
export async function trainModel(
  stores: Stores,
  refreshDays: number,
  timeoutMs = 180_000,
): Promise<CurrentModel> {
  const before = await currentModel(stores);
  const request: TrainRequest = {
    request_id: randomUUID(),
    requested_at: new Date().toISOString(),
    refresh_days: refreshDays,
  };
  for (const { data } of encodeBatches([request])) {
    await stores.pubsub.topic(TOPICS.trainRequests).publishMessage({ data });
  }
  const reference = stores.firestore.collection(COLLECTIONS.models).doc('current');
  return new Promise((resolve, reject) => {
    const give = setTimeout(() => {
      stop();
      reject(new Error(`no new model was served within ${timeoutMs / 1000} s; the log of train says why`));
    }, timeoutMs);
    const stop = reference.onSnapshot(
      (snapshot) => {
        const model = CurrentModel.safeParse(snapshot.data());
        if (!model.success || model.data.model_version === before?.model_version) return;
        clearTimeout(give);
        stop();
        resolve(model.data);
      },
      (error) => {
        clearTimeout(give);
        reject(error);
      },
    );
  });
}
