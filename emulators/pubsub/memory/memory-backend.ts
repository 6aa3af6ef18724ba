import { randomBytes } from 'node:crypto';
import type { Backend, Snapshot, Subscription, Topic } from '../backend.ts';
import { NOTHING_RESTORED, noJournal, type Restored } from '../journal/journal.ts';
import { type Message, type NewMessage, sizeOf } from '../message.ts';
import { DELETED_TOPIC, idOf } from '../names.ts';
import { CODE, PubSubError } from '../pubsub-error.ts';
import { makeBudget } from './budget.ts';
import { byName, inProject } from './by-name.ts';
import { deadLetterOf } from './dead-letter.ts';
import type { MemoryBackendOptions } from './options.ts';
import { makeRetained, type Retained } from './retained.ts';
import { checkFits, merged } from './seek.ts';
import { makeSnapshots } from './snapshots.ts';
import { makeSubscriptionQueue, type SubscriptionQueue } from './subscription-queue.ts';

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
/** A journal that has grown beyond this, and beyond so many times what is outstanding, is written anew. */
const CHECKPOINT_BYTES = 64 * 1024 * 1024;
const CHECKPOINT_FACTOR = 4;

/** Pub/Sub in memory. */
export function makeMemoryBackend(options: MemoryBackendOptions): Backend & { close(): void } {
  const { scheduler, maxBytes, journal = noJournal, disorder = () => 1 } = options;
  const { restored = NOTHING_RESTORED, duplicate = () => false, onGone = () => undefined } = options;
  const run = randomBytes(4).toString('hex');
  const budget = makeBudget(maxBytes);
  const topics = new Map<string, TopicEntry>();
  const subscriptions = new Map<string, SubscriptionEntry>();
  const snapshots = makeSnapshots(budget, onGone);
  // Beyond every id of a process before this one.
  let lastId = scheduler.now() * 1000;
  let closing = false;
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
    const published = messages.map((fresh, index): Message => {
      lastId += 1;
      return { ...fresh, id: String(lastId), publishTime, bytes: sizes[index] ?? 0 };
    });
    journal.published(name, published);
    for (const message of published) {
      for (const { queue } of queues) queue.add(message);
      if (topic.retentionMs > 0) log.add(message);
      snapshots.published(name, message);
    }
    return published.map(({ id }) => id);
  };

  const deadLetter = (subscription: Subscription, message: Message, attempts: number): boolean => {
    const target = subscription.policy.deadLetter?.topic ?? '';
    if (!topics.has(target)) return false;
    try {
      publish(target, [deadLetterOf(subscription, message, attempts)]);
      return true;
    } catch (error) {
      if (error instanceof PubSubError) return false;
      throw error;
    }
  };

  const state = (): Restored => ({
    topics: [...topics.values()].map(({ topic }) => topic),
    subscriptions: [...subscriptions.values()].map(({ subscription }) => subscription),
    backlogs: new Map([...subscriptions].map(([name, { queue }]) => [name, queue.unacked()])),
  });

  const sweep = (): void => {
    const now = scheduler.now();
    for (const { queue, retained, subscription } of subscriptions.values()) {
      queue.sweep();
      retained.sweep(now - subscription.policy.retentionMs);
    }
    for (const { topic, log } of topics.values()) log.sweep(now - topic.retentionMs);
    snapshots.sweep(now);
    if (journal.size > CHECKPOINT_BYTES + CHECKPOINT_FACTOR * budget.bytes) journal.checkpoint(state());
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
    onGone(name);
  };

  const addTopic = (topic: Topic): void => {
    topics.set(topic.name, { topic, queues: new Set(), log: makeRetained(budget) });
  };

  const addSubscription = (subscription: Subscription): SubscriptionEntry => {
    const { name, policy } = subscription;
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
        if (!closing) journal.done(name, message);
      },
    });
    const entry: SubscriptionEntry = { subscription, queue, retained };
    subscriptions.set(name, entry);
    if (!subscription.detached) topics.get(subscription.topic)?.queues.add(entry);
    options.onSubscription?.(subscription, queue);
    return entry;
  };

  /** Has a subscription hold exactly these messages. */
  const seek = ({ subscription, queue }: SubscriptionEntry, messages: readonly Message[]): void => {
    queue.replace(messages);
    journal.backlog(subscription.name, queue.unacked());
  };

  for (const topic of restored.topics) addTopic(topic);
  for (const subscription of restored.subscriptions) {
    const { queue } = addSubscription(subscription);
    for (const message of restored.backlogs.get(subscription.name) ?? []) queue.add(message);
  }

  return {
    createTopic(topic) {
      if (topics.has(topic.name))
        throw new PubSubError(CODE.ALREADY_EXISTS, `Topic already exists (resource=${idOf(topic.name)}).`);
      addTopic(topic);
      journal.topic(topic);
    },
    updateTopic(topic) {
      topicEntry(topic.name).topic = topic;
      journal.topic(topic);
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
      onGone(name);
      journal.topicGone(name);
    },

    createSubscription(subscription) {
      const { name, topic } = subscription;
      if (subscriptions.has(name))
        throw new PubSubError(CODE.ALREADY_EXISTS, `Subscription already exists (resource=${idOf(name)}).`);
      if (!topics.has(topic))
        throw new PubSubError(CODE.NOT_FOUND, `Subscription topic does not exist (resource=${idOf(topic)}).`);
      addSubscription(subscription);
      journal.subscription(subscription);
    },
    updateSubscription(subscription) {
      const entry = subscriptionEntry(subscription.name);
      entry.subscription = subscription;
      entry.queue.configure(subscription.policy);
      journal.subscription(subscription);
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
    deleteSubscription(name) {
      removeSubscription(subscriptionEntry(name));
      journal.subscriptionGone(name);
    },
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
      const entry = subscriptionEntry(name);
      const kept = snapshots.get(snapshotName);
      checkFits(entry.subscription, kept);
      seek(entry, kept.messages);
    },
    seekToTime(name, time) {
      const entry = subscriptionEntry(name);
      const { subscription, queue, retained } = entry;
      const log = topics.get(subscription.topic)?.log.list() ?? [];
      const all = merged(log, retained.list(), queue.unacked());
      if (subscription.policy.retainAcked)
        for (const message of all) if (message.publishTime < time) retained.add(message);
      seek(
        entry,
        all.filter(({ publishTime }) => publishTime >= time),
      );
    },

    publish,
    durable: journal.written,
    reset() {
      for (const entry of [...subscriptions.values()]) removeSubscription(entry);
      for (const [name, { log }] of topics) {
        log.clear();
        onGone(name);
      }
      topics.clear();
      snapshots.clear();
      journal.reset();
    },
    close() {
      closing = true;
      stopSweeping();
      for (const entry of [...subscriptions.values()]) removeSubscription(entry);
    },
  };
}
