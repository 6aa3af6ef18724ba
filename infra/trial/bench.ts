import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFcmEmulator } from '../../emulators/fcm/index.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { startPubSubEmulator } from '../../emulators/pubsub/index.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { startVertexEmulator } from '../../emulators/vertex/index.ts';
import { BUCKETS, bucketName, TOPICS, type Topic } from '../../shared/pipeline.ts';

export const PROJECT = 'demo-bundle';

/** A message as a push subscription delivers it. */
export interface Delivered {
  readonly data: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly messageId: string;
  readonly publishTime: string;
}

/** Everything a function talks to, on this machine, and what it has published. */
export interface Bench {
  /** What points a function, and official clients, at the emulators. */
  readonly env: Readonly<Record<string, string>>;
  readonly bigqueryUrl: string;
  readonly storageUrl: string;
  readonly fcmUrl: string;
  /** The messages published to a topic so far, oldest first. */
  published(topic: Topic): Promise<readonly Delivered[]>;
  close(): Promise<void>;
}

/** Starts the emulators, in this process, with every topic and bucket of the pipeline. */
export async function startBench(): Promise<Bench> {
  const started: RunningEmulator[] = [];
  const begin = async (start: Promise<RunningEmulator>): Promise<RunningEmulator> => {
    const emulator = await start;
    started.push(emulator);
    Object.assign(process.env, emulator.env);
    return emulator;
  };
  // The model server reads its artifact from the storage emulator, by this process's environment.
  Object.assign(process.env, { METADATA_SERVER_DETECTION: 'none', GOOGLE_CLOUD_PROJECT: PROJECT });
  const pubsub = await begin(startPubSubEmulator());
  const storage = await begin(startStorageEmulator());
  const bigquery = await begin(startBigQueryEmulator());
  const fcm = await begin(startFcmEmulator());
  await begin(startFirestoreEmulator());
  await begin(startVertexEmulator());

  const pubsubApi = (method: string, path: string, body: object = {}) =>
    call(method, `${pubsub.url}/v1/projects/${PROJECT}/${path}`, body);
  for (const topic of Object.values(TOPICS)) {
    await pubsubApi('PUT', `topics/${topic}`);
    await pubsubApi('PUT', `subscriptions/trial--${topic}`, { topic: `projects/${PROJECT}/topics/${topic}` });
  }
  for (const bucket of Object.values(BUCKETS)) {
    const name = bucketName(PROJECT, bucket);
    await call('POST', `${storage.url}/storage/v1/b?project=${PROJECT}`, { name });
  }
  const seen = new Map<Topic, Delivered[]>();
  return {
    env: Object.assign({}, ...started.map(({ env }) => env)) as Record<string, string>,
    bigqueryUrl: bigquery.url,
    storageUrl: storage.url,
    fcmUrl: fcm.url,
    async published(topic) {
      const found = seen.get(topic) ?? [];
      seen.set(topic, found);
      for (;;) {
        const path = `subscriptions/trial--${topic}:pull`;
        const { receivedMessages = [] } = (await pubsubApi('POST', path, {
          maxMessages: 1000,
          returnImmediately: true,
        })) as Pulled;
        if (receivedMessages.length === 0) return found;
        found.push(...receivedMessages.map(({ message }) => message));
        const ackIds = receivedMessages.map(({ ackId }) => ackId);
        await pubsubApi('POST', `subscriptions/trial--${topic}:acknowledge`, { ackIds });
      }
    },
    close: async () => void (await Promise.allSettled(started.map((emulator) => emulator.close()))),
  };
}

interface Pulled {
  readonly receivedMessages?: readonly { readonly ackId: string; readonly message: Delivered }[];
}

async function call(method: string, url: string, body: object): Promise<unknown> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status} ${await response.text()}`);
  return response.json();
}
