import type { Plain } from '../protos.ts';
import type { Delivery, Message, NewMessage } from './message.ts';
import type { SubscriptionPolicy } from './policy.ts';

/** A topic, as the API shows it. */
export interface Topic {
  readonly name: string;
  readonly resource: Plain;
  /** How long every message is kept for seeking back, whoever acknowledged it; 0: not at all. */
  readonly retentionMs: number;
}

/** A subscription, as the API shows it and as it is read. */
export interface Subscription {
  readonly name: string;
  /** `_deleted-topic_` once the topic is gone. */
  readonly topic: string;
  readonly resource: Plain;
  readonly policy: SubscriptionPolicy;
  readonly detached: boolean;
}

/** What a subscription had not seen acknowledged at a moment, and all that its topic got since. */
export interface Snapshot {
  readonly name: string;
  readonly topic: string;
  /** Epoch milliseconds. */
  readonly expireTime: number;
  readonly labels: Readonly<Record<string, string>>;
}

/** What one consumer can take at this moment. */
export interface Appetite {
  readonly messages: number;
  readonly bytes: number;
  /** Messages of one ordering key at a time. */
  readonly perKey: number;
  /** When the delivery counts as failed; undefined: the consumer always says what came of it. */
  readonly deadlineMs: number | undefined;
  /** Called once for each message taken, when its delivery is over: acknowledged, failed, or out of time. */
  readonly onOver?: ((message: Message) => void) | undefined;
}

/** What came of acknowledging or extending: ids that were not outstanding any more. */
export type StaleIds = readonly string[];

/** A subscription's messages, as those see them who deliver. */
export interface Source {
  readonly policy: SubscriptionPolicy;
  /** Takes what is due, each message leased to the caller. */
  take(appetite: Appetite): readonly Delivery[];
  /** Whether `take` would answer anything. */
  readonly due: boolean;
  ack(ackIds: readonly string[]): StaleIds;
  /** The deliveries failed: to be sent again, after the retry policy's wait. */
  nack(ackIds: readonly string[]): StaleIds;
  /** The deliveries count as failed only `ms` from now. */
  extend(ackIds: readonly string[], ms: number): StaleIds;
  /** Whether the subscription is gone, or detached from its topic. */
  readonly closed: boolean;
  /** Calls `wake` when messages become due, and when the source closes. Answers a function that ends this. */
  watch(wake: () => void): () => void;
}

/** A subscription's state in figures. */
export interface SubscriptionStats {
  /** Messages not acknowledged, those in flight included. */
  readonly backlog: number;
  readonly backlogBytes: number;
  /** Deliveries whose outcome is open. */
  readonly inFlight: number;
  /** Publish time of the oldest message that is not acknowledged, in epoch milliseconds. */
  readonly oldest: number | undefined;
  readonly delivered: number;
  readonly acked: number;
  readonly nacked: number;
  readonly deadLettered: number;
}

/** Where topics, subscriptions and messages live. Methods throw PubSubError; lists are in order of name. */
export interface Backend {
  createTopic(topic: Topic): void;
  updateTopic(topic: Topic): void;
  topic(name: string): Topic;
  topics(project: string): readonly Topic[];
  deleteTopic(name: string): void;

  createSubscription(subscription: Subscription): void;
  /** Replaces settings; messages and deliveries stay. */
  updateSubscription(subscription: Subscription): void;
  subscription(name: string): Subscription;
  subscriptions(project: string): readonly Subscription[];
  /** Of every project. */
  allSubscriptions(): readonly Subscription[];
  subscriptionsOf(topic: string): readonly string[];
  deleteSubscription(name: string): void;
  source(subscription: string): Source;
  stats(subscription: string): SubscriptionStats;

  createSnapshot(snapshot: Omit<Snapshot, 'topic' | 'expireTime'>, subscription: string): Snapshot;
  updateSnapshot(snapshot: Snapshot): void;
  snapshot(name: string): Snapshot;
  snapshots(project: string): readonly Snapshot[];
  snapshotsOf(topic: string): readonly string[];
  deleteSnapshot(name: string): void;
  seekToSnapshot(subscription: string, snapshot: string): void;
  /** Messages published before `time` (epoch milliseconds) count as acknowledged, those since, so far as they are kept, as not. */
  seekToTime(subscription: string, time: number): void;

  /**
   * Answers the messages' ids, in order.
   * @throws PubSubError RESOURCE_EXHAUSTED where they would exceed the bytes that may be outstanding
   */
  publish(topic: string, messages: readonly NewMessage[]): readonly string[];
  /** Resolves once everything so far would outlive the process; undefined where nothing is kept. */
  durable(): Promise<void> | undefined;
  reset(): void;
}
