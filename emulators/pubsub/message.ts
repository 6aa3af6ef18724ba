/** A message as published; never changed, and shared by the subscriptions that hold it. */
export interface Message {
  /** Decimal, growing with every message of the emulator. */
  readonly id: string;
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  /** Empty where it has none. */
  readonly orderingKey: string;
  /** Epoch milliseconds. */
  readonly publishTime: number;
  /** What it counts for against limits. */
  readonly bytes: number;
}

/** A message before it is published. */
export type NewMessage = Pick<Message, 'data' | 'attributes' | 'orderingKey'>;

/** What each message is reckoned to take beside its payload, as the service does. */
const OVERHEAD_BYTES = 100;

/** The size of a message: payload, attributes and ordering key, and a fixed overhead. */
export function sizeOf({ data, attributes, orderingKey }: NewMessage): number {
  let bytes = OVERHEAD_BYTES + data.length + orderingKey.length;
  for (const key in attributes) bytes += key.length + (attributes[key]?.length ?? 0);
  return bytes;
}

/** A message on its way to one consumer. */
export interface Delivery {
  readonly ackId: string;
  readonly message: Message;
  /** Counts from 1; undefined where the subscription has no dead-letter policy. */
  readonly attempt: number | undefined;
}
