import { clicksOf } from '../clean-session.ts';
import type { Instance } from '../protocol.ts';

/** A pause in the clicks after which a new session begins. */
const SESSION_GAP_MS = 30 * 60_000;

/** The shopper's present session as a ranker reads it. Valid until the next instance. */
export interface SessionReader {
  /** Item numbers, oldest first. */
  readonly prefix: Uint32Array;
  /** The clicks' kinds (session.ts). */
  readonly kinds: Uint8Array;
  /** Fills both from interactions, newest first, cleaned as in training; returns the session's length. */
  read(items: Instance['items']): number;
}

/**
 * The present session is what counts; where the model knows none of its items, the clicks before it.
 * @param numberOf the number of an item the model knows
 */
export function makeSessionReader(
  maxPrefix: number,
  numberOf: (id: string) => number | undefined,
): SessionReader {
  const prefix = new Uint32Array(maxPrefix);
  const kinds = new Uint8Array(maxPrefix);
  return {
    prefix,
    kinds,
    read(items) {
      const session: Instance['items'] = [];
      let newer: number | undefined;
      for (const item of items) {
        const time = Date.parse(item.event_time);
        if (session.length > 0 && newer !== undefined && newer - time > SESSION_GAP_MS) break;
        newer = time;
        if (numberOf(item.item_id) !== undefined) session.push(item);
      }
      session.reverse();
      const clicks = clicksOf({
        items: session.map(({ item_id }) => item_id),
        events: session.map(({ event_name }) => event_name),
      });
      const length = Math.min(clicks.items.length, maxPrefix);
      if (length === 0) return 0;
      prefix.set(clicks.items.slice(-length).map((id) => numberOf(id) ?? 0));
      kinds.set(clicks.kinds.slice(-length));
      return length;
    },
  };
}
