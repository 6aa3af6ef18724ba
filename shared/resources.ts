// What the pipeline's resources are called: topics, buckets, tables, collections.

/** Topics of Pub/Sub. */
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

/** The dataset of BigQuery. */
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
  /** `related/{item_id}`: what is like a product, and what goes with it. Anybody may read it. */
  related: 'related',
  /** `models/current`: the model being served and its popularity list. Server only. */
  models: 'models',
} as const;

/** The Vertex AI endpoint's display name. */
export const ENDPOINT = 'nextclick-recommender';
