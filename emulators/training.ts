import { randomUUID } from 'node:crypto';
import { type Order, versionOf } from '../functions/train/version.ts';
import { ModelRecord } from '../model/release/model-record.ts';
import { CurrentModel } from '../shared/events.ts';
import { encodeBatches } from '../shared/message.ts';
import { COLLECTIONS, TOPICS } from '../shared/pipeline.ts';
import type { Stores } from './stores.ts';

/** The model being served; undefined before the first. */
export async function currentModel({ firestore }: Stores): Promise<CurrentModel | undefined> {
  const snapshot = await firestore.collection(COLLECTIONS.models).doc('current').get();
  return snapshot.exists ? CurrentModel.parse(snapshot.data()) : undefined;
}

/** Whether a model's endpoint has one that answers; the emulator undeploys kept models that it cannot start. */
export async function isServed(
  { endpoint }: Pick<CurrentModel, 'endpoint'>,
  vertexUrl: string,
): Promise<boolean> {
  const response = await fetch(`${vertexUrl}/v1/${endpoint}`);
  if (!response.ok) return false;
  const { deployedModels } = (await response.json()) as { readonly deployedModels: readonly unknown[] };
  return deployedModels.length > 0;
}

/**
 * Orders a model and resolves once it is served.
 * @throws Error when it is rejected, saying why, and when it is not served after `timeoutMs`.
 */
export async function trainModel(
  stores: Stores,
  refreshDays: number,
  timeoutMs = 180_000,
): Promise<CurrentModel> {
  const request: Order = {
    request_id: randomUUID(),
    requested_at: new Date().toISOString(),
    refresh_days: refreshDays,
  };
  const version = versionOf(request);
  for (const { data } of encodeBatches([request])) {
    await stores.pubsub.topic(TOPICS.trainRequests).publishMessage({ data });
  }
  const reference = stores.firestore.collection(COLLECTIONS.models).doc(version);
  const record = await new Promise<ModelRecord>((resolve, reject) => {
    const settle = (outcome: () => void): void => {
      clearTimeout(give);
      stop();
      outcome();
    };
    const late = `model ${version} was not served within ${timeoutMs / 1000} s; the log of train says why`;
    const give = setTimeout(() => settle(() => reject(new Error(late))), timeoutMs);
    const stop = reference.onSnapshot(
      (snapshot) => {
        const found = ModelRecord.safeParse(snapshot.data()).data;
        if (found?.state === 'live') settle(() => resolve(found));
        if (found?.state === 'rejected')
          settle(() => reject(new Error(`model ${version} was rejected: ${found.report.join('; ')}`)));
      },
      (error) => settle(() => reject(error)),
    );
  });
  const current = await currentModel(stores);
  if (current) return current;
  throw new Error(`model ${record.model_version} is live, and models/current does not say so`);
}
