import type { DeliveryPolicy, FunctionSpec, Trigger } from './function-spec.ts';
import { BUCKETS, TOPICS, type Topic } from './resources.ts';

/*
 * The topology as data: every function, what triggers it, what it publishes, and how it runs. The local stack, the
 * deploy command, the diagram and the dashboards read this list, so that they cannot drift apart.
 */

export type { DeliveryPolicy, FunctionSpec, Trigger } from './function-spec.ts';
export {
  BUCKETS,
  type Bucket,
  bucketName,
  COLLECTIONS,
  DATASET,
  ENDPOINT,
  rawTable,
  TABLES,
  type Table,
  TOPICS,
  type Topic,
} from './resources.ts';

const delivery: DeliveryPolicy = {
  minBackoffSeconds: 1,
  maxBackoffSeconds: 60,
  maxDeliveryAttempts: 20,
  deadLetterTopic: TOPICS.deadLetters,
};

/** What every function has to be told; the rest may be left as most have it. */
type Told = Pick<FunctionSpec, 'name' | 'summary' | 'triggers' | 'publishes' | 'roles'>;

/** A function as most are: its folder has its name, and it may publish whatever else it may. */
function service({ roles, ...told }: Told & Partial<FunctionSpec>): FunctionSpec {
  return {
    source: told.name,
    memoryMiB: 512,
    cpu: 1,
    concurrency: 16,
    timeoutSeconds: 60,
    minInstances: 0,
    maxInstances: 100,
    delivery,
    secrets: [],
    ...told,
    roles: ['roles/pubsub.publisher', ...roles],
  };
}

/** A function that takes minutes, and of which one at a time is enough. */
function operation(told: Told & Partial<FunctionSpec>): FunctionSpec {
  return service({
    concurrency: 1,
    timeoutSeconds: 540,
    maxInstances: 1,
    delivery: { ...delivery, minBackoffSeconds: 10 },
    ...told,
  });
}

const topic = (name: Topic): Trigger => ({ kind: 'topic', topic: name });

/** Every function. */
export const FUNCTIONS: readonly FunctionSpec[] = [
  service({
    name: 'ingest',
    summary: 'takes events over HTTP; a 2xx means Pub/Sub has them',
    triggers: [{ kind: 'http', public: true }],
    publishes: [TOPICS.raw, TOPICS.failed],
    concurrency: 250,
    timeoutSeconds: 30,
    minInstances: 1,
    roles: [],
    secrets: ['WRITE_KEYS'],
  }),
  service({
    name: 'inbox',
    source: 'ingest',
    summary: 'takes events that servers publish for themselves',
    triggers: [topic(TOPICS.inbox)],
    publishes: [TOPICS.raw, TOPICS.failed],
    roles: [],
  }),
  service({
    name: 'load',
    summary: 'brings in files from Cloud Storage',
    triggers: [{ kind: 'bucket', bucket: BUCKETS.inbox }, topic(TOPICS.loadChunks)],
    publishes: [TOPICS.loadChunks, TOPICS.raw, TOPICS.failed, TOPICS.consentDrops],
    concurrency: 1,
    timeoutSeconds: 540,
    roles: [
      'roles/storage.objectAdmin',
      'roles/datastore.user',
      'roles/bigquery.dataEditor',
      'roles/bigquery.jobUser',
    ],
    secrets: ['PSEUDONYM_KEY'],
  }),
  service({
    name: 'enrich',
    summary: 'cleans, transforms, joins catalogue and customer history',
    triggers: [topic(TOPICS.raw)],
    publishes: [TOPICS.enriched, TOPICS.failed, TOPICS.consentDrops],
    roles: ['roles/datastore.user'],
    secrets: ['PSEUDONYM_KEY'],
  }),
  service({
    name: 'warehouse',
    summary: 'appends rows to BigQuery',
    triggers: [
      topic(TOPICS.enriched),
      topic(TOPICS.failed),
      topic(TOPICS.recommendations),
      topic(TOPICS.consentDrops),
      topic(TOPICS.deadLetters),
    ],
    publishes: [TOPICS.failed],
    roles: ['roles/bigquery.dataEditor', 'roles/storage.objectCreator'],
  }),
  service({
    name: 'recommend',
    summary: 'asks the model for what each shopper wants next',
    triggers: [topic(TOPICS.enriched), topic(TOPICS.recommendationRequests)],
    publishes: [TOPICS.recommendations, TOPICS.failed],
    roles: ['roles/aiplatform.user', 'roles/datastore.viewer'],
  }),
  service({
    name: 'push',
    summary: 'puts recommendations on the screen: Firestore and FCM',
    triggers: [topic(TOPICS.recommendations)],
    publishes: [TOPICS.failed],
    roles: ['roles/datastore.user', 'roles/firebasecloudmessaging.admin'],
  }),
  operation({
    name: 'train',
    summary:
      'builds the model from the warehouse, deploys it, writes lists by product, refreshes recent visitors',
    triggers: [topic(TOPICS.trainRequests)],
    publishes: [TOPICS.recommendationRequests, TOPICS.failed],
    memoryMiB: 4096,
    cpu: 2,
    roles: [
      'roles/bigquery.dataViewer',
      'roles/bigquery.jobUser',
      'roles/storage.objectAdmin',
      'roles/aiplatform.user',
      'roles/datastore.user',
    ],
  }),
  operation({
    name: 'replay',
    summary: 'publishes failed events again, once their cause is mended',
    triggers: [topic(TOPICS.replayRequests)],
    publishes: [
      TOPICS.inbox,
      TOPICS.loadChunks,
      TOPICS.raw,
      TOPICS.enriched,
      TOPICS.recommendationRequests,
      TOPICS.recommendations,
      TOPICS.consentDrops,
      TOPICS.trainRequests,
      TOPICS.replayRequests,
      TOPICS.failed,
    ],
    roles: ['roles/bigquery.dataEditor', 'roles/bigquery.jobUser', 'roles/storage.objectViewer'],
  }),
  operation({
    name: 'forget',
    summary: 'erases a person from every store',
    triggers: [topic(TOPICS.forgetRequests)],
    publishes: [TOPICS.failed],
    roles: [
      'roles/bigquery.dataEditor',
      'roles/bigquery.jobUser',
      'roles/datastore.user',
      'roles/storage.objectAdmin',
    ],
    secrets: ['PSEUDONYM_KEY'],
  }),
];

/** A message that Cloud Scheduler publishes by the clock. */
export interface Schedule {
  readonly name: string;
  readonly summary: string;
  readonly topic: Topic;
  /** Five fields, as crontab has them. */
  readonly cron: string;
  readonly timeZone: string;
  readonly message: object;
}

/** Every schedule. */
export const SCHEDULES: readonly Schedule[] = [
  {
    name: 'train-daily',
    summary: 'a new model every night',
    topic: TOPICS.trainRequests,
    cron: '0 3 * * *',
    timeZone: 'Etc/UTC',
    message: { events: [{ refresh_days: 1 }] },
  },
  {
    name: 'forget-sweep',
    summary: 'erases what came late of people who were forgotten hours ago',
    topic: TOPICS.forgetRequests,
    cron: '30 * * * *',
    timeZone: 'Etc/UTC',
    message: { events: [{ sweep: true }] },
  },
];

/** The topics a function is triggered by. */
export function topicsOf(spec: FunctionSpec): readonly Topic[] {
  return spec.triggers.flatMap((trigger) => (trigger.kind === 'topic' ? [trigger.topic] : []));
}

/** The name of the subscription that pushes a topic to a function; locally ours, in the cloud Eventarc's. */
export function subscriptionName(spec: FunctionSpec, name: Topic): string {
  return `${spec.name}--${name}`;
}
