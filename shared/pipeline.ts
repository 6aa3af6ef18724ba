/**
 * The topology as data: every function, what triggers it, what it publishes, and how it runs. The local stack, the
 * deploy command, the diagram and the dashboards read this list, so that they cannot drift apart.
 */

export const TOPICS = {
  /** Servers that publish for themselves, in the native form. */
  inbox: 'clickstream-inbox',
  /** Parts of files that are too big for one run. */
  loadChunks: 'load-chunks',
  raw: 'clickstream-raw',
  enriched: 'clickstream-enriched',
  recommendationRequests: 'recommendation-requests',
  recommendations: 'recommendations',
  failed: 'failed-events',
  consentDrops: 'consent-drops',
  deadLetters: 'dead-letters',
  trainRequests: 'train-requests',
  /** Orders to publish failed events again. */
  replayRequests: 'replay-requests',
  /** Orders to forget a person. */
  forgetRequests: 'forget-requests',
} as const;
export type Topic = (typeof TOPICS)[keyof typeof TOPICS];

/** Buckets; the deployed name is `<project>-<suffix>`, because bucket names are global. */
export const BUCKETS = {
  /** Where shops drop files: `<source>/…`. */
  inbox: 'inbox',
  /** Cleaned history on its way into BigQuery: `loads/<load id>/…`, gone a day later. */
  staging: 'staging',
  /** Model artifacts: `models/<version>/…`. */
  models: 'models',
  /** Payloads of failed events that are too long for a row: `failed-events/<day>/<failed id>`. */
  quarantine: 'quarantine',
} as const;
export type Bucket = (typeof BUCKETS)[keyof typeof BUCKETS];

/** The deployed name of a bucket. */
export function bucketName(project: string, bucket: Bucket): string {
  return `${project}-${bucket}`;
}

export const DATASET = 'nextclick';
/**
 * Warehouse names. Rows are appended, at least once, to the table `<name>_raw`; the view `<name>` shows each id once.
 */
export const TABLES = {
  events: 'events',
  failed: 'failed_events',
  recommendations: 'recommendations',
  consentDrops: 'consent_drops',
  replays: 'replays',
  forgotten: 'forgotten',
} as const;
export type Table = (typeof TABLES)[keyof typeof TABLES];

/** The append-only table behind a view. */
export function rawTable(table: Table): string {
  return `${table}_raw`;
}

/** Firestore collections. */
export const COLLECTIONS = {
  /** `profiles/{user_key}`: customer history. Server only. */
  profiles: 'profiles',
  /** `catalog/{item_id}`: products. */
  catalog: 'catalog',
  /** `recommendations/{visitor_id}`: what the visitor's page shows, read by that visitor alone. */
  recommendations: 'recommendations',
  /** `devices/{visitor_id}/tokens/{token id}`: push registrations, written by that visitor alone. */
  devices: 'devices',
  /** `loads/{load_id}`: the state of each file's load. Server only. */
  loads: 'loads',
  /** `forgotten/{hash of a person's key}`: since when events of that person are dropped. Server only. */
  forgotten: 'forgotten',
  /** `models/current`: the model being served and its popularity list. Server only. */
  models: 'models',
} as const;

/** The Vertex AI endpoint's display name. */
export const ENDPOINT = 'nextclick-recommender';

export type Trigger =
  | { readonly kind: 'http'; readonly public: boolean }
  | { readonly kind: 'topic'; readonly topic: Topic }
  | { readonly kind: 'bucket'; readonly bucket: Bucket };

/** How a subscription redelivers. */
export interface DeliveryPolicy {
  readonly minBackoffSeconds: number;
  readonly maxBackoffSeconds: number;
  /** Deliveries before the message goes to the dead-letter topic; Pub/Sub allows 5 to 100. */
  readonly maxDeliveryAttempts: number;
  readonly deadLetterTopic: Topic;
}

export interface FunctionSpec {
  /** Name of the deployed function, and its target under functions-framework. */
  readonly name: string;
  /** Folder under `functions/`. */
  readonly source: string;
  readonly summary: string;
  /** The first is the function's own trigger; the others are further Eventarc triggers to the same service. */
  readonly triggers: readonly [Trigger, ...Trigger[]];
  readonly publishes: readonly Topic[];
  readonly memoryMiB: number;
  readonly cpu: number;
  /** Requests one instance handles at a time. */
  readonly concurrency: number;
  readonly timeoutSeconds: number;
  readonly minInstances: number;
  readonly maxInstances: number;
  readonly delivery: DeliveryPolicy;
  /** Roles of the function's own service account. */
  readonly roles: readonly string[];
  /** Secret Manager secrets, as the variables they become. */
  readonly secrets: readonly string[];
}

const delivery: DeliveryPolicy = {
  minBackoffSeconds: 1,
  maxBackoffSeconds: 60,
  maxDeliveryAttempts: 20,
  deadLetterTopic: TOPICS.deadLetters,
};

const topic = (name: Topic): Trigger => ({ kind: 'topic', topic: name });

const defaults = {
  memoryMiB: 512,
  cpu: 1,
  concurrency: 16,
  timeoutSeconds: 60,
  minInstances: 0,
  maxInstances: 100,
  delivery,
  secrets: [],
} as const;

export const FUNCTIONS: readonly FunctionSpec[] = [
  {
    ...defaults,
    name: 'ingest',
    source: 'ingest',
    summary: 'takes events over HTTP; a 2xx means Pub/Sub has them',
    triggers: [{ kind: 'http', public: true }],
    publishes: [TOPICS.raw, TOPICS.failed],
    concurrency: 250,
    timeoutSeconds: 30,
    minInstances: 1,
    roles: ['roles/pubsub.publisher'],
    secrets: ['WRITE_KEYS'],
  },
  {
    ...defaults,
    name: 'inbox',
    source: 'ingest',
    summary: 'takes events that servers publish for themselves',
    triggers: [topic(TOPICS.inbox)],
    publishes: [TOPICS.raw, TOPICS.failed],
    roles: ['roles/pubsub.publisher'],
  },
  {
    ...defaults,
    name: 'load',
    source: 'load',
    summary: 'brings in files from Cloud Storage',
    triggers: [{ kind: 'bucket', bucket: BUCKETS.inbox }, topic(TOPICS.loadChunks)],
    publishes: [TOPICS.loadChunks, TOPICS.raw, TOPICS.failed, TOPICS.consentDrops],
    concurrency: 1,
    timeoutSeconds: 540,
    roles: [
      'roles/pubsub.publisher',
      'roles/storage.objectAdmin',
      'roles/datastore.user',
      'roles/bigquery.dataEditor',
      'roles/bigquery.jobUser',
    ],
    secrets: ['PSEUDONYM_KEY'],
  },
  {
    ...defaults,
    name: 'enrich',
    source: 'enrich',
    summary: 'cleans, transforms, joins catalogue and customer history',
    triggers: [topic(TOPICS.raw)],
    publishes: [TOPICS.enriched, TOPICS.failed, TOPICS.consentDrops],
    roles: ['roles/pubsub.publisher', 'roles/datastore.user'],
    secrets: ['PSEUDONYM_KEY'],
  },
  {
    ...defaults,
    name: 'warehouse',
    source: 'warehouse',
    summary: 'appends rows to BigQuery',
    triggers: [
      topic(TOPICS.enriched),
      topic(TOPICS.failed),
      topic(TOPICS.recommendations),
      topic(TOPICS.consentDrops),
      topic(TOPICS.deadLetters),
    ],
    publishes: [TOPICS.failed],
    roles: ['roles/pubsub.publisher', 'roles/bigquery.dataEditor', 'roles/storage.objectCreator'],
  },
  {
    ...defaults,
    name: 'recommend',
    source: 'recommend',
    summary: 'asks the model for what each shopper wants next',
    triggers: [topic(TOPICS.enriched), topic(TOPICS.recommendationRequests)],
    publishes: [TOPICS.recommendations, TOPICS.failed],
    roles: ['roles/pubsub.publisher', 'roles/aiplatform.user', 'roles/datastore.viewer'],
  },
  {
    ...defaults,
    name: 'push',
    source: 'push',
    summary: 'puts recommendations on the screen: Firestore and FCM',
    triggers: [topic(TOPICS.recommendations)],
    publishes: [TOPICS.failed],
    roles: ['roles/pubsub.publisher', 'roles/datastore.user', 'roles/firebasecloudmessaging.admin'],
  },
  {
    ...defaults,
    name: 'train',
    source: 'train',
    summary: 'builds the model from the warehouse, deploys it, refreshes recent visitors',
    triggers: [topic(TOPICS.trainRequests)],
    publishes: [TOPICS.recommendationRequests, TOPICS.failed],
    memoryMiB: 4096,
    cpu: 2,
    concurrency: 1,
    timeoutSeconds: 540,
    maxInstances: 1,
    delivery: { ...delivery, minBackoffSeconds: 10 },
    roles: [
      'roles/pubsub.publisher',
      'roles/bigquery.dataViewer',
      'roles/bigquery.jobUser',
      'roles/storage.objectAdmin',
      'roles/aiplatform.user',
      'roles/datastore.user',
    ],
  },
  {
    ...defaults,
    name: 'replay',
    source: 'replay',
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
    concurrency: 1,
    timeoutSeconds: 540,
    maxInstances: 1,
    delivery: { ...delivery, minBackoffSeconds: 10 },
    roles: [
      'roles/pubsub.publisher',
      'roles/bigquery.dataEditor',
      'roles/bigquery.jobUser',
      'roles/storage.objectViewer',
    ],
  },
  {
    ...defaults,
    name: 'forget',
    source: 'forget',
    summary: 'erases a person from every store',
    triggers: [topic(TOPICS.forgetRequests)],
    publishes: [TOPICS.failed],
    concurrency: 1,
    timeoutSeconds: 540,
    maxInstances: 1,
    delivery: { ...delivery, minBackoffSeconds: 10 },
    roles: [
      'roles/pubsub.publisher',
      'roles/bigquery.dataEditor',
      'roles/bigquery.jobUser',
      'roles/datastore.user',
      'roles/storage.objectAdmin',
    ],
    secrets: ['PSEUDONYM_KEY'],
  },
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
