import { BigQuery } from '@google-cloud/bigquery';
import type { PubSub } from '@google-cloud/pubsub';
import { applyWarehouse } from '../infra/bigquery/apply.ts';
import { openCloudStorage } from '../shared/cloud-storage.ts';
import {
  BUCKETS,
  bucketName,
  DATASET,
  FUNCTIONS,
  type FunctionSpec,
  subscriptionName,
  TOPICS,
  type Topic,
  topicsOf,
} from '../shared/pipeline.ts';
import type { Whose } from './stack.ts';

/** On Google's emulator a delivery whose function died is sent again after this; ours sees at once that it died. */
const LOCAL_ACK_DEADLINE_SECONDS = 15;

/** By then a delivery that went wrong has come again. */
export const LOCAL_REDELIVERY_MS = 1000 * LOCAL_ACK_DEADLINE_SECONDS;

/** Locally nobody wants to wait a minute for a message that failed a few times; in the cloud as the pipeline says. */
const LOCAL_BACKOFF = { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 4 } } as const;

/**
 * Creates every topic, and the subscriptions that push to the functions. Repeated, it leaves messages where they are, and
 * has them pushed to the functions' present ports. A function without a port has no subscription: nothing waits for it.
 * @param whose the emulator is: Google's loses messages by retry policies (docs/decisions/0021), and gets none
 */
export async function provisionTopics(
  pubsub: PubSub,
  project: string,
  ports: ReadonlyMap<string, number>,
  whose: Whose,
): Promise<void> {
  await Promise.all(Object.values(TOPICS).map((topic) => orExists(pubsub.createTopic(topic))));
  await Promise.all(
    FUNCTIONS.filter(({ name }) => ports.has(name)).flatMap((spec) =>
      topicsOf(spec).map((topic) =>
        subscribe(pubsub, project, spec, topic, ports.get(spec.name) ?? 0, whose),
      ),
    ),
  );
}

async function subscribe(
  pubsub: PubSub,
  project: string,
  spec: FunctionSpec,
  topic: Topic,
  port: number,
  whose: Whose,
): Promise<void> {
  const { delivery } = spec;
  const name = subscriptionName(spec, topic);
  const settings = {
    pushConfig: { pushEndpoint: `http://127.0.0.1:${port}/projects/${project}/topics/${topic}` },
    ackDeadlineSeconds:
      whose === 'own' || spec.timeoutSeconds > 60 ? spec.timeoutSeconds : LOCAL_ACK_DEADLINE_SECONDS,
    ...(whose === 'own' ? { retryPolicy: LOCAL_BACKOFF } : {}),
    // A dead letter that cannot be stored has nowhere else to go: it stays and is tried again.
    ...(topic === delivery.deadLetterTopic
      ? {}
      : {
          deadLetterPolicy: {
            deadLetterTopic: `projects/${project}/topics/${delivery.deadLetterTopic}`,
            maxDeliveryAttempts: delivery.maxDeliveryAttempts,
          },
        }),
  };
  const subscription = pubsub.subscription(name);
  if ((await subscription.exists())[0]) await subscription.setMetadata(settings);
  else await pubsub.topic(topic).createSubscription(name, settings);
}

/** Creates the buckets, and has objects that are finalized reported to the functions they trigger. */
export async function provisionBuckets(
  storageUrl: string,
  project: string,
  ports: ReadonlyMap<string, number>,
): Promise<void> {
  const storage = openCloudStorage({ projectId: project, emulatorHost: storageUrl });
  for (const bucket of Object.values(BUCKETS)) {
    const handle = storage.bucket(bucketName(project, bucket));
    if (!(await handle.exists())[0]) await handle.create();
  }
  for (const spec of FUNCTIONS) {
    for (const trigger of spec.triggers) {
      if (trigger.kind !== 'bucket' || !ports.has(spec.name)) continue;
      const notification = {
        bucket: bucketName(project, trigger.bucket),
        endpoint: `http://127.0.0.1:${ports.get(spec.name)}/`,
      };
      const response = await fetch(`${storageUrl}/_emulator/notifications`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(notification),
      });
      if (!response.ok)
        throw new Error(`the storage emulator took no notification: ${await response.text()}`);
    }
  }
}

/** Creates dataset, tables and views. */
export async function provisionWarehouse(bigQueryUrl: string, project: string): Promise<void> {
  const bigquery = new BigQuery({ projectId: project, apiEndpoint: bigQueryUrl });
  await applyWarehouse({ bigquery, dataset: DATASET, location: 'US' });
}

/** Ignores ALREADY_EXISTS (6). */
async function orExists(creation: Promise<unknown>): Promise<void> {
  try {
    await creation;
  } catch (error) {
    if ((error as { code?: unknown }).code !== 6) throw error;
  }
}
