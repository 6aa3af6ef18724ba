import { readBacklog } from './backlog.ts';
import { readConservation, settled } from './conservation.ts';
import type { Stack } from './stack.ts';
import type { Stores } from './stores.ts';

/** A pipeline that has not moved for so long is stuck. */
const STUCK_MS = 90_000;

/**
 * Waits until so many events have reached an end, and no message is left. Where nothing has moved for a minute and a half it
 * waits no longer: what is missing says more than an error.
 */
export async function untilEmpty(stack: Stack, stores: Stores, accepted: number): Promise<void> {
  let moved = Date.now();
  let before = '';
  for (;;) {
    const found = settled(await readConservation(stores));
    const { messages } = await readBacklog(stack);
    if (found >= accepted && messages === 0) return;
    const state = `${found} ${messages}`;
    if (state !== before) moved = Date.now();
    before = state;
    if (Date.now() - moved > STUCK_MS) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
