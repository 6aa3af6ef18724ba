import type { Subscription } from '../backend.ts';
import type { Journal, Restored } from '../journal/journal.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SubscriptionQueue } from './subscription-queue.ts';

export interface MemoryBackendOptions {
  readonly scheduler: Scheduler;
  /** Bytes of messages that may be outstanding, over all topics, before publishing is refused. */
  readonly maxBytes: number;
  /** Default: nothing outlives the process. */
  readonly journal?: Journal;
  /** What there is from the beginning. */
  readonly restored?: Restored;
  /** Among how many messages that are due the next is drawn; 1, the default, keeps their order. */
  readonly disorder?: () => number;
  /** Whether a message that was just acknowledged is delivered once more; default never. */
  readonly duplicate?: () => boolean;
  /** Told of each subscription that appears or is changed, and of each that goes. */
  readonly onSubscription?: (subscription: Subscription, queue: SubscriptionQueue) => void;
  readonly onSubscriptionGone?: (name: string) => void;
  /** Told of each topic, subscription and snapshot that goes. */
  readonly onGone?: (name: string) => void;
}
