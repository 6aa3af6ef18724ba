import type { Mentions } from './mentions.ts';

/** Everything by which the stores know one person. */
export interface Person {
  /** The pseudonym of the user id; undefined for a visitor who never named a user. */
  readonly userKey?: string | undefined;
  /** Devices and browsers that are this person's alone. */
  readonly visitors: readonly string[];
  /** The ids as clients send them, as they stand in payloads and files. */
  readonly names: readonly string[];
}

/** How much of a person was found and removed, by what it was. */
export type Counts = Readonly<Record<string, number>>;

/** The warehouse, as far as people are in it. */
export interface PeopleRows {
  /** Devices on which the user was seen. */
  visitorsOf(userKey: string): Promise<readonly string[]>;
  /** Hides what happened to the holders of these hashes until then, at once. */
  bury(hashes: readonly string[], until: string): Promise<void>;
  /**
   * Deletes the person's events, recommendations and failed events until then, leaving the bare ids of the events among those dropped, so
   * that every event stays accounted for.
   */
  erase(person: Person, until: string, mentions: Mentions): Promise<Counts>;
}

/** The documents of profiles, screens and devices. */
export interface PeopleDocuments {
  /** Devices that belong to the user by now. */
  devicesOf(userKey: string): Promise<readonly string[]>;
  /** Those of these devices that belong to somebody else. */
  ownedByOthers(visitors: readonly string[], userKey: string | undefined): Promise<ReadonlySet<string>>;
  /** Deletes what is of the time until then; what the person left since stays. */
  erase(person: Person, until: string): Promise<Counts>;
}

/** Files of the inbox bucket and the quarantine. */
export interface PeopleFiles {
  /** Removes the person from files of the time until then. Answers counts, and what was left and why. */
  erase(
    mentions: Mentions,
    until: string,
  ): Promise<{ readonly counts: Counts; readonly left: readonly string[] }>;
}

/** An erasure to be repeated once nothing can be under way any more. */
export interface PendingErasure {
  readonly person: Person;
  readonly until: string;
}

/** Since when whose events are dropped. */
export interface Tombstones {
  /** Sets a tombstone for each hash, and notes the erasure to be repeated after a time. */
  set(hashes: readonly string[], pending: PendingErasure, sweepAfter: string): Promise<void>;
  /** Erasures whose repetition is due. */
  due(now: string): Promise<readonly PendingErasure[]>;
  /** Forgets the erasure noted with these tombstones; the tombstones stay. */
  settle(hashes: readonly string[]): Promise<void>;
}
