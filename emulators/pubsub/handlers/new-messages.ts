import type { Plain } from '../../protos.ts';
import type { NewMessage } from '../message.ts';
import { invalid } from '../pubsub-error.ts';

/** https://cloud.google.com/pubsub/quotas#resource_limits */
const MOST_MESSAGES = 1000;
const MOST_BYTES = 10_000_000;
const MOST_ATTRIBUTES = 100;
const MOST_KEY_BYTES = 256;
const MOST_VALUE_BYTES = 1024;

const NOTHING = Buffer.alloc(0);

/**
 * Reads what is to be published.
 * @throws PubSubError INVALID_ARGUMENT where a message or the request exceeds the service's limits
 */
export function newMessages(messages: readonly Plain[]): readonly NewMessage[] {
  if (messages.length === 0)
    throw invalid('The value for message_count is too small: publish at least 1 message.');
  if (messages.length > MOST_MESSAGES)
    throw invalid(
      `The value for message_count is too large. You passed ${messages.length} in the request, but the maximum value is ${MOST_MESSAGES}.`,
    );
  let bytes = 0;
  const read = messages.map(({ data = NOTHING, attributes = {}, orderingKey = '' }) => {
    const message = { data, attributes, orderingKey } as NewMessage;
    const count = checkedAttributes(message.attributes);
    if (message.data.length === 0 && count === 0)
      throw invalid('Message contains empty data and no attributes.');
    if (Buffer.byteLength(message.orderingKey) > MOST_VALUE_BYTES)
      throw invalid(`The ordering key is longer than ${MOST_VALUE_BYTES} bytes.`);
    bytes += message.data.length;
    return message;
  });
  if (bytes > MOST_BYTES)
    throw invalid(`The request is too large: ${bytes} bytes of data, and the maximum is ${MOST_BYTES}.`);
  return read;
}

/** Answers how many there are. */
function checkedAttributes(attributes: Readonly<Record<string, string>>): number {
  let count = 0;
  for (const key in attributes) {
    count += 1;
    const long = key.length > MOST_KEY_BYTES / 3 && Buffer.byteLength(key) > MOST_KEY_BYTES;
    if (key === '' || key.startsWith('goog')) {
      if (!key.startsWith('googclient_')) throw invalid(`"${key}" is no name for an attribute.`);
    }
    if (long)
      throw invalid(`The attribute key "${key.slice(0, 40)}…" is longer than ${MOST_KEY_BYTES} bytes.`);
    if (Buffer.byteLength(attributes[key] ?? '') > MOST_VALUE_BYTES)
      throw invalid(`The value of the attribute "${key}" is longer than ${MOST_VALUE_BYTES} bytes.`);
  }
  if (count > MOST_ATTRIBUTES)
    throw invalid(`A message has ${count} attributes, and the maximum is ${MOST_ATTRIBUTES}.`);
  return count;
}
