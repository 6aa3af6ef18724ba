import { BigQuery } from '@google-cloud/bigquery';
import type { Firestore } from '@google-cloud/firestore';
import type { PubSub } from '@google-cloud/pubsub';
import type { Storage } from '@google-cloud/storage';
import { openCloudStorage } from '../shared/cloud-storage.ts';
import { pubSubClient } from './google/pubsub.ts';
import { ownerClient } from './owner-client.ts';
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
  const firestore = ownerClient(env.FIRESTORE_EMULATOR_HOST ?? '', project);
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
