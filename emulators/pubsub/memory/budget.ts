import type { Message } from '../message.ts';

/** Counts the bytes of messages that something still holds, each message once. */
export interface Budget {
  readonly bytes: number;
  readonly limit: number;
  hold(message: Message): void;
  release(message: Message): void;
}

export function makeBudget(limit: number): Budget {
  const holders = new Map<Message, number>();
  let bytes = 0;
  return {
    limit,
    get bytes() {
      return bytes;
    },
    hold(message) {
      const count = holders.get(message) ?? 0;
      if (count === 0) bytes += message.bytes;
      holders.set(message, count + 1);
    },
    release(message) {
      const count = holders.get(message) ?? 0;
      if (count > 1) {
        holders.set(message, count - 1);
      } else if (holders.delete(message)) {
        bytes -= message.bytes;
      }
    },
  };
}
