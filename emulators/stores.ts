import { BigQuery } from '@google-cloud/bigquery';
import { Firestore } from '@google-cloud/firestore';
import type { PubSub } from '@google-cloud/pubsub';
import type { Storage } from '@google-cloud/storage';
import { openCloudStorage } from '../shared/cloud-storage.ts';
import { pubSubClient } from './google/pubsub.ts';
import type { Stack } from './stack.ts';

/** Official clients onto a running stack, for the launcher's own looking and doing. */
export interface Stores {
  readonly bigquery: BigQuery;
  readonly firestore: Firestore;
  readonly pubsub: PubSub;
  readonly storage: Storage;
  close(): Promise<void>;
}

export function openStores(stack: Stack): Stores {
  const { project, env } = stack;
  const [host = '127.0.0.1', port = '0'] = (env.FIRESTORE_EMULATOR_HOST ?? '').split(':');
  const firestore = new Firestore({
    projectId: project,
    host,
    port: Number(port),
    ssl: false,
    customHeaders: { Authorization: 'Bearer owner' },
  });
  const pubsub = pubSubClient(project, env.PUBSUB_EMULATOR_HOST ?? '');
  return {
    bigquery: new BigQuery({ projectId: project, apiEndpoint: stack.emulators.get('bigquery')?.url ?? '' }),
    firestore,
    pubsub,
    storage: openCloudStorage({ projectId: project, emulatorHost: env.STORAGE_EMULATOR_HOST }),
    close: async () => {
      await Promise.allSettled([firestore.terminate(), pubsub.close()]);
    },
  };
}
