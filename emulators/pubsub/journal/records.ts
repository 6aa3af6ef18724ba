import type { Plain } from '../../protos.ts';
import type { Subscription, Topic } from '../backend.ts';
import { subscriptionOf } from '../handlers/subscriptions.ts';
import { type Message, sizeOf } from '../message.ts';
import { DELETED_TOPIC } from '../names.ts';
import type { Restored } from './journal.ts';

/** A message as the journal has it; its payload in base64. */
type Kept = Omit<Message, 'data' | 'bytes'> & { readonly data: string };

/** A line of the journal. */
export type JournalRecord =
  | { readonly op: 'topic'; readonly topic: Topic }
  | { readonly op: 'topic-gone'; readonly name: string }
  | { readonly op: 'subscription'; readonly resource: Plain; readonly detached: boolean }
  | { readonly op: 'subscription-gone'; readonly name: string }
  | { readonly op: 'publish'; readonly topic: string; readonly messages: readonly Kept[] }
  | { readonly op: 'done'; readonly subscription: string; readonly ids: readonly string[] }
  | { readonly op: 'backlog'; readonly subscription: string; readonly messages: readonly Kept[] }
  | { readonly op: 'reset' };

export function kept({ id, data, attributes, orderingKey, publishTime }: Message): Kept {
  return { id, data: data.toString('base64'), attributes, orderingKey, publishTime };
}

function messageOf({ id, data, attributes, orderingKey, publishTime }: Kept): Message {
  const content = { data: Buffer.from(data, 'base64'), attributes, orderingKey };
  return { ...content, id, publishTime, bytes: sizeOf(content) };
}

/** Follows records, one after the other, to what there is at their end. */
export function makeRestorer(): { follow(record: JournalRecord): void; result(): Restored } {
  const topics = new Map<string, Topic>();
  const subscriptions = new Map<string, Subscription>();
  const backlogs = new Map<string, Map<string, Message>>();
  const hold = (name: string, messages: readonly Message[]): void => {
    const backlog = backlogs.get(name);
    for (const message of messages) backlog?.set(message.id, message);
  };
  return {
    follow(record) {
      switch (record.op) {
        case 'topic':
          topics.set(record.topic.name, record.topic);
          return;
        case 'topic-gone':
          topics.delete(record.name);
          for (const [name, { topic, resource, detached }] of subscriptions)
            if (topic === record.name)
              subscriptions.set(name, subscriptionOf({ ...resource, topic: DELETED_TOPIC }, detached));
          return;
        case 'subscription': {
          const subscription = subscriptionOf(record.resource, record.detached);
          subscriptions.set(subscription.name, subscription);
          if (record.detached || !backlogs.has(subscription.name)) backlogs.set(subscription.name, new Map());
          return;
        }
        case 'subscription-gone':
          subscriptions.delete(record.name);
          backlogs.delete(record.name);
          return;
        case 'publish': {
          const messages = record.messages.map(messageOf);
          for (const { name, topic, detached, policy } of subscriptions.values()) {
            if (topic !== record.topic || detached) continue;
            hold(
              name,
              messages.filter(({ attributes }) => policy.filter?.(attributes) ?? true),
            );
          }
          return;
        }
        case 'done':
          for (const id of record.ids) backlogs.get(record.subscription)?.delete(id);
          return;
        case 'backlog':
          backlogs.get(record.subscription)?.clear();
          hold(record.subscription, record.messages.map(messageOf));
          return;
        case 'reset':
          topics.clear();
          subscriptions.clear();
          backlogs.clear();
      }
    },
    result: () => ({
      topics: [...topics.values()],
      subscriptions: [...subscriptions.values()],
      backlogs: new Map([...backlogs].map(([name, backlog]) => [name, [...backlog.values()]])),
    }),
  };
}
