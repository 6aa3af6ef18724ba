import type { Stats } from '../board/stats.ts';
import { type Conservation, readConservation, settled } from '../conservation.ts';
import { LOCAL_REDELIVERY_MS } from '../provision.ts';
import type { Stores } from '../stores.ts';

export interface DrainOptions {
  readonly stores: Stores;
  readonly stats: Stats;
  /** Events that must have reached an end. */
  readonly accepted: number;
  /** How long without any progress counts as stuck; default a minute. */
  readonly stuckMs?: number;
  readonly quietMs?: number;
  /** Called once, when every accepted event has reached an end and only what follows from them is waited for. */
  readonly onSettled?: (() => void) | undefined;
}

/** A delivery that failed may come again this much later than its subscription says. */
const REDELIVERY_SLACK_MS = 3000;

/**
 * Waits until the pipeline is empty: every accepted event has reached an end, and no function has had anything to do
 * for a while (longer after trouble, since a redelivery may still be waiting). Gives up, and answers what it found,
 * when nothing has moved for `stuckMs`.
 */
export async function drain(options: DrainOptions): Promise<Conservation> {
  const { stores, stats, accepted, stuckMs = 60_000, quietMs = 2000 } = options;
  let moved = Date.now();
  let before = -1;
  let told = false;
  for (;;) {
    const found = await readConservation(stores);
    const now = Date.now();
    if (settled(found) !== before) moved = now;
    before = settled(found);
    if (!told && settled(found) >= accepted) {
      told = true;
      options.onSettled?.();
    }
    const quiet = now - stats.lastActivity();
    const calm = now - stats.lastTrouble();
    const empty = quiet > quietMs && calm > LOCAL_REDELIVERY_MS + REDELIVERY_SLACK_MS;
    if (settled(found) >= accepted && empty) return found;
    if (now - Math.max(moved, stats.lastActivity()) > stuckMs) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
