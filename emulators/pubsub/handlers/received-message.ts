import type { Plain } from '../../protos.ts';
import type { Delivery } from '../message.ts';
import { fromMillis } from '../well-known.ts';

/** A delivery as google.pubsub.v1.ReceivedMessage. */
export function receivedMessage({ ackId, message, attempt }: Delivery): Plain {
  const { id, data, attributes, orderingKey, publishTime } = message;
  return {
    ackId,
    message: {
      data,
      attributes,
      messageId: id,
      publishTime: fromMillis(publishTime),
      ...(orderingKey === '' ? {} : { orderingKey }),
    },
    ...(attempt === undefined ? {} : { deliveryAttempt: attempt }),
  };
}
