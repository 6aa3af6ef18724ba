import { z } from 'zod';
import type { Stack } from './stack.ts';

/** Messages that wait, over all subscriptions. */
export interface Backlog {
  readonly messages: number;
  /** How long the oldest has waited. */
  readonly oldestSeconds: number;
  /** Given up for dead letters so far. */
  readonly deadLettered: number;
}

const Views = z.object({
  subscriptions: z.array(
    z.object({ backlog: z.number(), oldest_unacked_seconds: z.number(), dead_lettered: z.number() }),
  ),
});

/**
 * What this project's Pub/Sub emulator has not delivered yet, in flight or waiting.
 * @throws Error where the stack runs on Google's, which does not say
 */
export async function readBacklog({ emulators }: Pick<Stack, 'emulators'>): Promise<Backlog> {
  const response = await fetch(`${emulators.get('pubsub')?.url}/_emulator/subscriptions`);
  const { subscriptions } = Views.parse(await response.json());
  return {
    messages: subscriptions.reduce((sum, { backlog }) => sum + backlog, 0),
    oldestSeconds: Math.max(0, ...subscriptions.map((each) => each.oldest_unacked_seconds)),
    deadLettered: subscriptions.reduce((sum, each) => sum + each.dead_lettered, 0),
  };
}
