import { makeCachedRead } from '../../shared/cached-read.ts';
import type { RawEvent } from '../../shared/events.ts';
import { keyHash } from '../../shared/key-hash.ts';
import { STORE_READ_MS } from '../../shared/limits.ts';
import { userKeyOf } from './user-key.ts';

/** Until when people are forgotten, by the hash of their key. Epoch milliseconds. */
export type Tombstones = ReadonlyMap<string, number>;

/** Where tombstones are kept. */
export interface TombstoneStore {
  /** Those set after a moment, in epoch milliseconds. @throws TransientError when they cannot be read */
  since(time: number): Promise<Tombstones>;
}

/** Tells whether an event happened to a person who was forgotten since. */
export type IsForgotten = (raw: RawEvent) => boolean;

export interface ForgottenOptions {
  readonly store: TombstoneStore;
  /** How long what is known is believed. Milliseconds. */
  readonly ttlMs: number;
  readonly clock: () => number;
}

/** Clocks of those who set tombstones may be off by so much. */
const OVERLAP_MS = 300_000;

/**
 * All tombstones in memory, brought up to date by one small query each `ttlMs`, so that an event costs no read: people who ask to be
 * forgotten are few. Answers the judge for one batch.
 * @throws TransientError when they cannot be read: rather a late event than one of a forgotten person
 */
export function makeForgotten({
  store,
  ttlMs,
  clock,
}: ForgottenOptions): (key: string) => Promise<IsForgotten> {
  const known = new Map<string, number>();
  let readAt = Number.NEGATIVE_INFINITY;

  const read = async (): Promise<void> => {
    const began = clock();
    const since = Number.isFinite(readAt) ? readAt - OVERLAP_MS : 0;
    for (const [hash, time] of await store.since(since))
      known.set(hash, Math.max(time, known.get(hash) ?? 0));
    readAt = began;
  };
  const refresh = makeCachedRead({
    what: 'who is forgotten',
    read,
    ttlMs,
    deadlineMs: STORE_READ_MS,
    clock,
  });

  return async (pseudonymKey) => {
    await refresh();
    if (known.size === 0) return () => false;
    return (raw) => {
      const until = known.get(keyHash(userKeyOf(raw, pseudonymKey)));
      if (until === undefined) return false;
      return Math.min(Date.parse(raw.event_time), Date.parse(raw.collector.received_at)) <= until;
    };
  };
}
