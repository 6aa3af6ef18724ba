import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Delivery } from '../message.ts';
import type { PushTarget } from '../policy.ts';

/** What is posted for a delivery. */
export interface PushRequest {
  readonly headers: Readonly<Record<string, string>>;
  /** As text where it is text: then headers and body leave in one write. */
  readonly body: string | Buffer;
}

const AGENT = { 'user-agent': 'CloudPubSub-Google', accept: 'application/json' } as const;

/**
 * Writes a delivery as the push endpoint gets it.
 * https://cloud.google.com/pubsub/docs/push#receive_push,
 * https://cloud.google.com/pubsub/docs/payload-unwrapping
 */
export function pushRequest(
  { message, attempt }: Delivery,
  subscription: string,
  form: PushTarget['form'],
): PushRequest {
  const { id, data, attributes, orderingKey } = message;
  const publishTime = new Date(message.publishTime).toISOString();
  if (form === 'wrapped') {
    const wrapper = {
      ...(attempt === undefined ? {} : { deliveryAttempt: attempt }),
      message: {
        attributes,
        data: data.toString('base64'),
        messageId: id,
        message_id: id,
        ...(orderingKey === '' ? {} : { orderingKey }),
        publishTime,
        publish_time: publishTime,
      },
      subscription,
    };
    return {
      headers: { ...AGENT, 'content-type': 'application/json' },
      body: JSON.stringify(wrapper),
    };
  }
  const headers: Record<string, string> = { ...AGENT };
  if (form === 'raw-with-metadata') {
    for (const [key, value] of Object.entries(attributes)) if (isHeader(key, value)) headers[key] = value;
    headers['x-goog-pubsub-subscription-name'] = subscription;
    headers['x-goog-pubsub-message-id'] = id;
    headers['x-goog-pubsub-publish-time'] = publishTime;
    if (isHeader('x-goog-pubsub-ordering-key', orderingKey))
      headers['x-goog-pubsub-ordering-key'] = orderingKey;
    if (attempt !== undefined) headers['x-goog-pubsub-delivery-attempt'] = String(attempt);
  }
  return { headers, body: data };
}

/** Headers that would change the request itself. */
const RESERVED = /^(?:connection|content-length|host|keep-alive|transfer-encoding|upgrade|authorization)$/i;

function isHeader(name: string, value: string): boolean {
  if (value === '' || RESERVED.test(name)) return false;
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    return true;
  } catch {
    return false;
  }
}
