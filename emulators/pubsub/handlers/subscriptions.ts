import type { Plain } from '../../protos.ts';
import type { Backend, Subscription } from '../backend.ts';
import { checkedName, checkedProject, DELETED_TOPIC } from '../names.ts';
import { policyOf } from '../policy.ts';
import { CODE, PubSubError } from '../pubsub-error.ts';
import { fromMillis } from '../well-known.ts';
import { applyMask } from './field-mask.ts';
import type { Handlers } from './handler.ts';
import { pageOf } from './page.ts';

const EXPIRATION_TTL_MS = 31 * 24 * 3600 * 1000;

const MUTABLE = [
  ...['pushConfig', 'bigqueryConfig', 'cloudStorageConfig', 'bigtableConfig', 'messageTransforms'],
  ...['ackDeadlineSeconds', 'retainAckedMessages', 'messageRetentionDuration', 'labels', 'expirationPolicy'],
  ...['deadLetterPolicy', 'retryPolicy', 'enableExactlyOnceDelivery'],
];

/** google.pubsub.v1.Subscriber, as far as subscriptions themselves go. */
export function makeSubscriptions(backend: Backend): Handlers {
  const update = async (name: string, change: (current: Plain) => Plain): Promise<Plain> => {
    const current = backend.subscription(name);
    const updated = subscriptionOf(change(current.resource), current.detached);
    backend.updateSubscription(updated);
    await backend.durable();
    return updated.resource;
  };
  return {
    async CreateSubscription(request) {
      checkedName('subscriptions', request.name);
      if (request.topic !== DELETED_TOPIC) checkedName('topics', request.topic);
      const subscription = subscriptionOf({ ...request, state: 'ACTIVE' }, false);
      backend.createSubscription(subscription);
      await backend.durable();
      return subscription.resource;
    },
    GetSubscription: ({ subscription }) =>
      backend.subscription(checkedName('subscriptions', subscription)).resource,
    async UpdateSubscription({ subscription, updateMask }) {
      const changes = (subscription ?? {}) as Plain;
      return update(checkedName('subscriptions', changes.name), (current) =>
        applyMask({ kind: 'Subscription', current, changes, mask: updateMask, mutable: MUTABLE }),
      );
    },
    async ModifyPushConfig({ subscription, pushConfig = {} }) {
      await update(checkedName('subscriptions', subscription), (current) => ({ ...current, pushConfig }));
      return {};
    },
    ListSubscriptions(request) {
      const list = backend.subscriptions(checkedProject(request.project));
      const { items, ...page } = pageOf(list, request, ({ name }) => name);
      return { subscriptions: items.map(({ resource }) => resource), ...page };
    },
    async DeleteSubscription({ subscription }) {
      backend.deleteSubscription(checkedName('subscriptions', subscription));
      await backend.durable();
      return {};
    },
  };
}

/**
 * Reads a subscription, and fills in what the service does.
 * @throws PubSubError INVALID_ARGUMENT, OUT_OF_RANGE or UNIMPLEMENTED
 */
export function subscriptionOf(fields: Plain, detached: boolean): Subscription {
  const policy = policyOf(fields);
  const resource = {
    ...fields,
    pushConfig: fields.pushConfig ?? {},
    ackDeadlineSeconds: policy.ackDeadlineMs / 1000,
    messageRetentionDuration: fromMillis(policy.retentionMs),
    expirationPolicy: fields.expirationPolicy ?? { ttl: fromMillis(EXPIRATION_TTL_MS) },
    ...(policy.deadLetter && {
      deadLetterPolicy: {
        deadLetterTopic: policy.deadLetter.topic,
        maxDeliveryAttempts: policy.deadLetter.maxAttempts,
      },
    }),
    ...(policy.retry && {
      retryPolicy: {
        minimumBackoff: fromMillis(policy.retry.minMs),
        maximumBackoff: fromMillis(policy.retry.maxMs),
      },
    }),
  };
  return { name: String(fields.name), topic: String(fields.topic), resource, policy, detached };
}

/**
 * Refuses to have messages taken by those who may not.
 * @throws PubSubError FAILED_PRECONDITION
 */
export function pullable({ policy, detached }: Subscription): void {
  if (detached)
    throw new PubSubError(
      CODE.FAILED_PRECONDITION,
      'The subscription is detached from its topic: create another.',
    );
  if (policy.push)
    throw new PubSubError(
      CODE.FAILED_PRECONDITION,
      'This method is not supported for this subscription type: it pushes its messages.',
    );
}
