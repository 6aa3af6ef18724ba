import type { Bucket, Topic } from './resources.ts';

/** What a function runs for. */
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

/** A function as it is deployed. */
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
