import { readBacklog } from './backlog.ts';
import { readConservation, settled } from './conservation.ts';
import type { Stack } from './stack.ts';
import type { Stores } from './stores.ts';

/** A pipeline that has not moved for so long is stuck. */
const STUCK_MS = 90_000;
const EVERY_MS = 250;

/**
 * Waits until no message is left, and so many events have reached an end. Where nothing has moved for a minute and a half it
 * waits no longer: what is missing says more than an error.
 */
export async function untilEmpty(stack: Stack, stores: Stores, accepted: number): Promise<void> {
  await until(stack, async () => settled(await readConservation(stores)) >= accepted);
}

/** Waits until no message is left, or nothing has moved for a minute and a half. */
export async function untilDelivered(stack: Stack): Promise<void> {
  await until(stack, async () => true);
}

/** @param isDone asked only where no message is left: what it asks may cost the emulators what a good many appends do */
async function until(stack: Stack, isDone: () => Promise<boolean>): Promise<void> {
  let moved = Date.now();
  let before = -1;
  for (;;) {
    const { messages } = await readBacklog(stack);
    if (messages === 0 && (await isDone())) return;
    if (messages !== before) moved = Date.now();
    before = messages;
    if (Date.now() - moved > STUCK_MS) return;
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}
