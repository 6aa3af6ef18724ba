import type { Subscription } from '../backend.ts';
import type { Message, NewMessage } from '../message.ts';
import { idOf, projectOf } from '../names.ts';

/**
 * What is published to the dead-letter topic for a message that failed too often.
 * https://cloud.google.com/pubsub/docs/handling-failures#track-delivery-attempts
 */
export function deadLetterOf(
  { name }: Subscription,
  { data, attributes, orderingKey, publishTime }: Message,
  attempts: number,
): NewMessage {
  return {
    data,
    orderingKey,
    attributes: {
      ...attributes,
      CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
      CloudPubSubDeadLetterSourceSubscription: idOf(name),
      CloudPubSubDeadLetterSourceSubscriptionProject: idOf(projectOf(name)),
      CloudPubSubDeadLetterSourceTopicPublishTime: new Date(publishTime).toISOString(),
    },
  };
}
