import type { Subscription, Topic } from '../backend.ts';
import type { Message } from '../message.ts';

/** Takes down what happens, so that it can be taken up again by another process. */
export interface Journal {
  topic(topic: Topic): void;
  topicGone(name: string): void;
  subscription(subscription: Subscription): void;
  subscriptionGone(name: string): void;
  published(topic: string, messages: readonly Message[]): void;
  /** The subscription is through with the message, whatever came of it. */
  done(subscription: string, message: Message): void;
  /** The subscription holds exactly these. */
  backlog(subscription: string, messages: readonly Message[]): void;
  /** There is nothing any more. */
  reset(): void;
  /** Bytes that a new start would read. */
  readonly size: number;
  /** Begins anew with what there is, and forgets all that led to it. */
  checkpoint(state: Restored): void;
  /** Resolves once all so far is written; undefined where nothing is. */
  written(): Promise<void> | undefined;
}

/** What there is, as a journal takes it up and says it. */
export interface Restored {
  readonly topics: readonly Topic[];
  readonly subscriptions: readonly Subscription[];
  /** By subscription, oldest first. */
  readonly backlogs: ReadonlyMap<string, readonly Message[]>;
}

export const NOTHING_RESTORED: Restored = { topics: [], subscriptions: [], backlogs: new Map() };

const nothing = (): void => undefined;

/** Where nothing is kept. */
export const noJournal: Journal = {
  topic: nothing,
  topicGone: nothing,
  subscription: nothing,
  subscriptionGone: nothing,
  published: nothing,
  done: nothing,
  backlog: nothing,
  reset: nothing,
  size: 0,
  checkpoint: nothing,
  written: () => undefined,
};
