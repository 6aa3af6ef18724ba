import type { Plain } from '../../protos.ts';
import type { Backend, Topic } from '../backend.ts';
import { checkedName, checkedProject } from '../names.ts';
import { CODE, PubSubError } from '../pubsub-error.ts';
import { boundedMillis } from '../well-known.ts';
import { applyMask } from './field-mask.ts';
import type { Handlers } from './handler.ts';
import { newMessages } from './new-messages.ts';
import { pageOf } from './page.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** Settings that would change what is published, and that this emulator does not know. */
const UNSERVED = ['schemaSettings', 'ingestionDataSourceSettings', 'messageTransforms'] as const;
const MUTABLE = ['labels', 'messageRetentionDuration', 'messageStoragePolicy', 'kmsKeyName', ...UNSERVED];

/** google.pubsub.v1.Publisher. */
export function makePublisher(backend: Backend): Handlers {
  return {
    async CreateTopic(request) {
      const topic = topicOf({ ...request, name: checkedName('topics', request.name), state: 'ACTIVE' });
      backend.createTopic(topic);
      await backend.durable();
      return topic.resource;
    },
    async UpdateTopic({ topic, updateMask }) {
      const changes = (topic ?? {}) as Plain;
      const current = backend.topic(checkedName('topics', changes.name)).resource;
      const updated = topicOf(
        applyMask({ kind: 'Topic', current, changes, mask: updateMask, mutable: MUTABLE }),
      );
      backend.updateTopic(updated);
      await backend.durable();
      return updated.resource;
    },
    GetTopic: ({ topic }) => backend.topic(checkedName('topics', topic)).resource,
    ListTopics(request) {
      const list = backend.topics(checkedProject(request.project));
      const { items, ...page } = pageOf(list, request, ({ name }) => name);
      return { topics: items.map(({ resource }) => resource), ...page };
    },
    ListTopicSubscriptions(request) {
      const list = backend.subscriptionsOf(checkedName('topics', request.topic));
      const { items, ...page } = pageOf(list, request, (name) => name);
      return { subscriptions: items, ...page };
    },
    ListTopicSnapshots(request) {
      const list = backend.snapshotsOf(checkedName('topics', request.topic));
      const { items, ...page } = pageOf(list, request, (name) => name);
      return { snapshots: items, ...page };
    },
    async DeleteTopic({ topic }) {
      backend.deleteTopic(checkedName('topics', topic));
      await backend.durable();
      return {};
    },
    async DetachSubscription({ subscription }) {
      const current = backend.subscription(checkedName('subscriptions', subscription));
      backend.updateSubscription({
        ...current,
        detached: true,
        resource: { ...current.resource, detached: true },
      });
      await backend.durable();
      return {};
    },
    async Publish({ topic, messages }) {
      const name = checkedName('topics', topic);
      const messageIds = backend.publish(name, newMessages((messages ?? []) as readonly Plain[]));
      await backend.durable();
      return { messageIds };
    },
  };
}

function topicOf(resource: Plain): Topic {
  for (const field of UNSERVED) {
    const value = resource[field];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    throw new PubSubError(CODE.UNIMPLEMENTED, `${field} is not served by this emulator.`);
  }
  const set = resource.messageRetentionDuration;
  const retentionMs =
    set === undefined
      ? 0
      : boundedMillis('message_retention_duration', set, {
          least: 10 * MINUTE,
          most: 31 * DAY,
          otherwise: 0,
        });
  return { name: String(resource.name), resource, retentionMs };
}
