import type { Message } from '../message.ts';

/** A message that a subscription has not seen acknowledged. */
export interface Pending {
  readonly message: Message;
  /** Deliveries so far. */
  attempts: number;
  /** The lease of the delivery that is open. */
  ackId: string | undefined;
  /** Acknowledged, expired or sought past: whoever still has it in a queue drops it. */
  gone: boolean;
}

export const pendingOf = (message: Message): Pending => ({
  message,
  attempts: 0,
  ackId: undefined,
  gone: false,
});
