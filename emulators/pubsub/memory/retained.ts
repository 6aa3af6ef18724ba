import type { Message } from '../message.ts';
import type { Budget } from './budget.ts';

/** Messages kept beyond their acknowledgement, so that one can seek back to them. */
export interface Retained {
  add(message: Message): void;
  list(): readonly Message[];
  /** Lets go of messages published before a time. */
  sweep(before: number): void;
  clear(): void;
}

export function makeRetained(budget: Budget): Retained {
  const messages = new Set<Message>();
  const remove = (message: Message): void => {
    if (messages.delete(message)) budget.release(message);
  };
  return {
    add(message) {
      if (messages.has(message)) return;
      messages.add(message);
      budget.hold(message);
    },
    list: () => [...messages],
    sweep(before) {
      for (const message of messages) if (message.publishTime < before) remove(message);
    },
    clear() {
      for (const message of messages) remove(message);
    },
  };
}
