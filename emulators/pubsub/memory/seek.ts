import type { Subscription } from '../backend.ts';
import type { Message } from '../message.ts';
import { CODE, PubSubError } from '../pubsub-error.ts';
import type { KeptSnapshot } from './snapshots.ts';

/**
 * Refuses to seek to a snapshot that is not of the subscription's kind.
 * @throws PubSubError INVALID_ARGUMENT or FAILED_PRECONDITION
 */
export function checkFits({ topic, policy }: Subscription, { snapshot, ordered }: KeptSnapshot): void {
  if (snapshot.topic !== topic)
    throw new PubSubError(CODE.INVALID_ARGUMENT, 'The snapshot is of another topic than the subscription.');
  if (policy.ordered && !ordered) {
    throw new PubSubError(
      CODE.FAILED_PRECONDITION,
      'Subscriptions with ordering keys enabled cannot be seeked to snapshots of subscriptions without ordering keys enabled, as it may cause out-of-order redelivery.',
    );
  }
}

/** Messages from several places, each once, as they were published. */
export function merged(...lists: readonly (readonly Message[])[]): readonly Message[] {
  const byId = new Map(lists.flat().map((message) => [message.id, message]));
  return [...byId.values()].sort((a, b) => Number(a.id) - Number(b.id));
}
