import { randomBytes } from 'node:crypto';
import type { Backend, Snapshot, Subscription, Topic } from '../backend.ts';
import { type Message, type NewMessage, sizeOf } from '../message.ts';
import { DELETED_TOPIC, idOf, projectOf } from '../names.ts';
import { CODE, PubSubError } from '../pubsub-error.ts';
import type { Scheduler } from '../scheduler.ts';
import { makeBudget } from './budget.ts';
import { makeRetained, type Retained } from './retained.ts';
import { makeSnapshots } from './snapshots.ts';
import { makeSubscriptionQueue, type SubscriptionQueue } from './subscription-queue.ts';

export interface MemoryBackendOptions {
  readonly scheduler: Scheduler;
  /** Bytes of messages that may be outstanding, over all topics, before publishing is refused. */
  readonly maxBytes: number;
  /** Among how many messages that are due the next is drawn; 1, the default, keeps their order. */
  readonly disorder?: () => number;
  /** Whether a message that was just acknowledged is delivered once more; default never. */
  readonly duplicate?: () => boolean;
  /** Told of each subscription that appears or is changed, and of each that goes. */
  readonly onSubscription?: (subscription: Subscription, queue: SubscriptionQueue) => void;
  readonly onSubscriptionGone?: (name: string) => void;
}

interface TopicEntry {
  topic: Topic;
  readonly queues: Set<SubscriptionEntry>;
  readonly log: Retained;
}

interface SubscriptionEntry {
  subscription: Subscription;
  readonly queue: SubscriptionQueue;
  readonly retained: Retained;
}

const SNAPSHOT_LIFE_MS = 7 * 24 * 3600 * 1000;
const SWEEP_MS = 10_000;

/** Pub/Sub in memory. */
export function makeMemoryBackend(options: MemoryBackendOptions): Backend & { close(): void } {
  const { scheduler, maxBytes, disorder = () => 1, duplicate = () => false } = options;
  const run = randomBytes(4).toString('hex');
  const budget = makeBudget(maxBytes);
  const topics = new Map<string, TopicEntry>();
  const subscriptions = new Map<string, SubscriptionEntry>();
  const snapshots = makeSnapshots(budget);
  let lastId = 0;
  let stopSweeping = (): void => undefined;

  const topicEntry = (name: string): TopicEntry => {
    const entry = topics.get(name);
    if (!entry) throw new PubSubError(CODE.NOT_FOUND, `Topic not found (resource=${idOf(name)}).`);
    return entry;
  };
  const subscriptionEntry = (name: string): SubscriptionEntry => {
    const entry = subscriptions.get(name);
    if (!entry)
      throw new PubSubError(CODE.NOT_FOUND, `Subscription does not exist (resource=${idOf(name)}).`);
    return entry;
  };

  const publish = (name: string, messages: readonly NewMessage[]): readonly string[] => {
    const { topic, queues, log } = topicEntry(name);
    const sizes = messages.map(sizeOf);
    const total = sizes.reduce((sum, size) => sum + size, 0);
    if (budget.bytes + total > budget.limit) {
      throw new PubSubError(
        CODE.RESOURCE_EXHAUSTED,
        `${budget.bytes} bytes of messages are outstanding and at most ${budget.limit} may be: acknowledge or purge (seek) before publishing more.`,
      );
    }
    const publishTime = scheduler.now();
    return messages.map((fresh, index) => {
      lastId += 1;
      const message: Message = { ...fresh, id: String(lastId), publishTime, bytes: sizes[index] ?? 0 };
      for (const { queue } of queues) queue.add(message);
      if (topic.retentionMs > 0) log.add(message);
      snapshots.published(name, message);
      return message.id;
    });
  };

  /** https://cloud.google.com/pubsub/docs/handling-failures#track-delivery-attempts */
  const deadLetter = (subscription: Subscription, message: Message, attempts: number): boolean => {
    const target = subscription.policy.deadLetter?.topic ?? '';
    if (!topics.has(target)) return false;
    const attributes = {
      ...message.attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
      CloudPubSubDeadLetterSourceSubscription: idOf(subscription.name),
      CloudPubSubDeadLetterSourceSubscriptionProject: idOf(projectOf(subscription.name)),
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(message.publishTime).toISOString(),
    };
    try {
      publish(target, [{ data: message.data, attributes, orderingKey: message.orderingKey }]);
      return true;
    } catch (error) {
      if (error instanceof PubSubError) return false;
      throw error;
    }
  };

  const sweep = (): void => {
    const now = scheduler.now();
    for (const { queue, retained, subscription } of subscriptions.values()) {
      queue.sweep();
      retained.sweep(now - subscription.policy.retentionMs);
    }
    for (const { topic, log } of topics.values()) log.sweep(now - topic.retentionMs);
    snapshots.sweep(now);
    stopSweeping = scheduler.after(SWEEP_MS, sweep);
  };
  stopSweeping = scheduler.after(SWEEP_MS, sweep);

  const removeSubscription = (entry: SubscriptionEntry): void => {
    const { name, topic } = entry.subscription;
    options.onSubscriptionGone?.(name);
    topics.get(topic)?.queues.delete(entry);
    entry.queue.close();
    entry.retained.clear();
    subscriptions.delete(name);
  };

  return {
    createTopic(topic) {
      if (topics.has(topic.name))
        throw new PubSubError(CODE.ALREADY_EXISTS, `Topic already exists (resource=${idOf(topic.name)}).`);
      topics.set(topic.name, { topic, queues: new Set(), log: makeRetained(budget) });
    },
    updateTopic(topic) {
      topicEntry(topic.name).topic = topic;
    },
    topic: (name) => topicEntry(name).topic,
    topics: (project) =>
      inProject(
        [...topics.values()].map(({ topic }) => topic),
        project,
      ),
    deleteTopic(name) {
      const { queues, log } = topicEntry(name);
      for (const entry of queues) {
        const { subscription } = entry;
        const resource = { ...subscription.resource, topic: DELETED_TOPIC };
        entry.subscription = { ...subscription, topic: DELETED_TOPIC, resource };
      }
      log.clear();
      topics.delete(name);
    },

    createSubscription(subscription) {
      const { name, topic, policy } = subscription;
      if (subscriptions.has(name))
        throw new PubSubError(CODE.ALREADY_EXISTS, `Subscription already exists (resource=${idOf(name)}).`);
      const owner = topics.get(topic);
      if (!owner)
        throw new PubSubError(CODE.NOT_FOUND, `Subscription topic does not exist (resource=${idOf(topic)}).`);
      const retained = makeRetained(budget);
      const queue = makeSubscriptionQueue({
        name,
        run,
        policy,
        scheduler,
        disorder,
        duplicate,
        deadLetter: (message, attempts) => deadLetter(entry.subscription, message, attempts),
        onAdded: budget.hold,
        onRemoved: (message, acked) => {
          if (acked && entry.subscription.policy.retainAcked) retained.add(message);
          budget.release(message);
        },
      });
      const entry: SubscriptionEntry = { subscription, queue, retained };
      subscriptions.set(name, entry);
      owner.queues.add(entry);
      options.onSubscription?.(subscription, queue);
    },
    updateSubscription(subscription) {
      const entry = subscriptionEntry(subscription.name);
      entry.subscription = subscription;
      entry.queue.configure(subscription.policy);
      if (subscription.detached) {
        topics.get(subscription.topic)?.queues.delete(entry);
        entry.queue.close();
        entry.retained.clear();
      }
      options.onSubscription?.(subscription, entry.queue);
    },
    subscription: (name) => subscriptionEntry(name).subscription,
    subscriptions: (project) =>
      inProject(
        [...subscriptions.values()].map(({ subscription }) => subscription),
        project,
      ),
    allSubscriptions: () => [...subscriptions.values()].map(({ subscription }) => subscription).sort(byName),
    subscriptionsOf: (topic) =>
      [...topicEntry(topic).queues].map(({ subscription }) => subscription.name).sort(),
    deleteSubscription: (name) => removeSubscription(subscriptionEntry(name)),
    source: (name) => subscriptionEntry(name).queue,
    stats: (name) => subscriptionEntry(name).queue.stats(),

    createSnapshot({ name, labels }, subscriptionName) {
      const { subscription, queue } = subscriptionEntry(subscriptionName);
      if (snapshots.has(name))
        throw new PubSubError(CODE.ALREADY_EXISTS, `Snapshot already exists (resource=${idOf(name)}).`);
      const messages = [...queue.unacked()];
      // It lives until its oldest message would have expired.
      const from = messages[0]?.publishTime ?? scheduler.now();
      const { topic, policy } = subscription;
      const snapshot: Snapshot = { name, topic, labels, expireTime: from + SNAPSHOT_LIFE_MS };
      snapshots.add({ snapshot, ordered: policy.ordered, messages });
      return snapshot;
    },
    updateSnapshot(snapshot) {
      snapshots.get(snapshot.name).snapshot = snapshot;
    },
    snapshot: (name) => snapshots.get(name).snapshot,
    snapshots: (project) =>
      inProject(
        snapshots.list().map(({ snapshot }) => snapshot),
        project,
      ),
    snapshotsOf: (topic) => {
      topicEntry(topic);
      return snapshots.list().flatMap(({ snapshot }) => (snapshot.topic === topic ? [snapshot.name] : []));
    },
    deleteSnapshot: snapshots.remove,
    seekToSnapshot(name, snapshotName) {
      const { subscription, queue } = subscriptionEntry(name);
      const { snapshot, ordered, messages } = snapshots.get(snapshotName);
      if (snapshot.topic !== subscription.topic)
        throw new PubSubError(
          CODE.INVALID_ARGUMENT,
          'The snapshot is of another topic than the subscription.',
        );
      if (subscription.policy.ordered && !ordered) {
        throw new PubSubError(
          CODE.FAILED_PRECONDITION,
          'Subscriptions with ordering keys enabled cannot be seeked to snapshots of subscriptions without ordering keys enabled, as it may cause out-of-order redelivery.',
        );
      }
      queue.replace(messages);
    },
    seekToTime(name, time) {
      const { subscription, queue, retained } = subscriptionEntry(name);
      const known = new Map<string, Message>();
      const log = topics.get(subscription.topic)?.log.list() ?? [];
      for (const message of [...log, ...retained.list(), ...queue.unacked()]) known.set(message.id, message);
      const all = [...known.values()].sort((a, b) => Number(a.id) - Number(b.id));
      if (subscription.policy.retainAcked)
        for (const message of all) if (message.publishTime < time) retained.add(message);
      queue.replace(all.filter(({ publishTime }) => publishTime >= time));
    },

    publish,
    durable: () => undefined,
    reset() {
      for (const entry of [...subscriptions.values()]) removeSubscription(entry);
      for (const { log } of topics.values()) log.clear();
      topics.clear();
      snapshots.clear();
    },
    close() {
      stopSweeping();
      for (const entry of [...subscriptions.values()]) removeSubscription(entry);
    },
  };
}

function inProject<T extends { readonly name: string }>(list: readonly T[], project: string): readonly T[] {
  return list.filter(({ name }) => projectOf(name) === project).sort(byName);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}
