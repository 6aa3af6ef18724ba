import { randomBytes } from 'node:crypto';
import type { Document, TransactionOptions } from '../backend.ts';
import { FirestoreError } from '../firestore-error.ts';
import type { Micros } from '../values.ts';
import type { Matcher } from './filters.ts';
import type { Change } from './history.ts';

/** Firestore ends transactions that nothing was asked of for a minute. */
const IDLE_MS = 60_000;
/** How long a write waits for transactions that read what it writes; as Google's emulator. */
const LOCK_MS = 2_000;

export interface Transaction {
  readonly id: string;
  readonly database: string;
  /** The time of its reads, where it is read-only; others read what is current, and lock it. */
  readonly readTime: Micros | undefined;
  /** Locks documents, and names that have none. */
  lock(names: Iterable<string>): void;
  /** Locks all that matches, and what would. */
  lockMatching(matches: Matcher): void;
}

interface Held extends Transaction {
  readonly holds: (change: Change) => boolean;
  used: number;
  /** Those it waits for to write. */
  waitsFor: readonly Held[];
  readonly ended: Promise<void>;
  readonly end: () => void;
}

/** A commit that waits for locks. */
export interface LockedWrite {
  /**
   * Answers at once where nobody holds what changes, else once it may be tried again.
   * @returns whether it was free
   * @throws FirestoreError ABORTED where the wait would not end, or takes too long
   */
  free(changes: readonly Change[]): boolean | Promise<boolean>;
}

/** Transactions that are under way. Reads lock: a write by another waits until they end. */
export interface Transactions {
  begin(database: string, options: TransactionOptions, now: Micros): Transaction;
  /** @throws FirestoreError INVALID_ARGUMENT where it ended */
  get(id: string): Transaction;
  end(id: string): void;
  /** Starts the patience of one commit, by a transaction or by nobody. */
  write(by: string | undefined): LockedWrite;
  clear(): void;
}

/** @param millis the system's clock */
export function makeTransactions(millis: () => number = Date.now, lockMs = LOCK_MS): Transactions {
  const open = new Map<string, Held>();

  function end(id: string): void {
    const held = open.get(id);
    open.delete(id);
    held?.end();
  }

  function get(id: string): Held {
    const held = open.get(id);
    if (!held) throw new FirestoreError('INVALID_ARGUMENT', 'Transaction is invalid or closed.');
    held.used = millis();
    return held;
  }

  function holders(changes: readonly Change[], by: string | undefined): readonly Held[] {
    if (open.size === 0) return [];
    for (const { id, used } of open.values()) if (millis() - used > IDLE_MS) end(id);
    return [...open.values()].filter((held) => held.id !== by && changes.some(held.holds));
  }

  return {
    begin(database, { readOnly, readTime }, now) {
      const id = randomBytes(12).toString('base64');
      const held = makeHeld(id, database, readOnly ? (readTime ?? now) : undefined, millis());
      open.set(id, held);
      return held;
    },
    get,
    end,
    write(by) {
      const own = by === undefined ? undefined : get(by);
      const since = millis();
      return {
        free(changes) {
          const blockers = holders(changes, by);
          if (blockers.length === 0) return true;
          const left = lockMs - (millis() - since);
          if (left <= 0 || (own && blockers.some((each) => waitsOn(each, own)))) {
            throw new FirestoreError('ABORTED', 'Transaction lock timeout.');
          }
          if (own) own.waitsFor = blockers;
          return Promise.race([...blockers.map((each) => each.ended), after(left)]).then(() => {
            if (own) own.waitsFor = [];
            return false;
          });
        },
      };
    },
    clear() {
      for (const id of [...open.keys()]) end(id);
    },
  };
}

/** Whether one waits, however many others are between, for the end of another. */
function waitsOn(one: Held, other: Held, seen: ReadonlySet<Held> = new Set()): boolean {
  return (
    one === other ||
    (!seen.has(one) && one.waitsFor.some((each) => waitsOn(each, other, new Set([...seen, one]))))
  );
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}

function makeHeld(id: string, database: string, readTime: Micros | undefined, used: number): Held {
  const names = new Set<string>();
  const matchers: Matcher[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const matched = (document: Document | undefined) =>
    document !== undefined && matchers.some((matches) => matches(document));
  return {
    id,
    database,
    readTime,
    lock(locked) {
      for (const name of locked) names.add(name);
    },
    lockMatching: (matches) => void matchers.push(matches),
    holds: ({ name, before, after }) => names.has(name) || matched(before) || matched(after),
    used,
    waitsFor: [],
    ended,
    end,
  };
}
