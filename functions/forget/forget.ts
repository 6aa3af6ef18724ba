import { PermanentError } from '../../shared/errors.ts';
import { pseudonym } from '../../shared/ids.ts';
import { keyHash } from '../../shared/key-hash.ts';
import { mentionsOf } from './mentions.ts';
import type {
  Counts,
  PendingErasure,
  PeopleDocuments,
  PeopleFiles,
  PeopleRows,
  Person,
  Tombstones,
} from './ports.ts';

/** Whom to forget: a user by the id that the shop sends, or a device by its anonymous id. */
export type Subject = { readonly userId: string } | { readonly anonymousId: string };

export interface ForgetOptions {
  readonly rows: PeopleRows;
  readonly documents: PeopleDocuments;
  readonly files: PeopleFiles;
  readonly tombstones: Tombstones;
  /** Secret of the pseudonyms; the one that enrich has. */
  readonly pseudonymKey: string;
  /** After so long nothing of before can be under way any more, and the erasure is repeated. Milliseconds. */
  readonly sweepAfterMs: number;
  readonly clock: () => number;
}

/** What was found of a person and removed. It names nobody. */
export interface ForgetReport {
  readonly forgotten_at: string;
  /** The user's pseudonym and the devices that were this person's alone. */
  readonly keys: number;
  /** By store and kind, as `bigquery_events`. */
  readonly removed: Counts;
  /** What could not be removed, and why. */
  readonly left: readonly string[];
  /** When what may have come late is erased. */
  readonly sweep_after: string;
}

/** Erases people. */
export interface Forget {
  /**
   * Forgets a person: first tombstones, so that what is still under way is dropped and hidden, then the data. May be repeated.
   * @throws PermanentError for a device that belongs to a user; TransientError where a store fails; what was done stays, and a repetition does the rest.
   */
  forget(subject: Subject, until?: string): Promise<ForgetReport>;
  /** Repeats the erasures that are due; answers how many. */
  sweep(): Promise<number>;
}

export function makeForget(options: ForgetOptions): Forget {
  const { rows, documents, files, tombstones, pseudonymKey, sweepAfterMs, clock } = options;

  /** A device that somebody else has by now, or that others used, is not this person's alone. */
  const personOf = async (subject: Subject): Promise<Person> => {
    if ('anonymousId' in subject) {
      const taken = await documents.ownedByOthers([subject.anonymousId], undefined);
      if (taken.size > 0) {
        throw new PermanentError(
          'invalid_event',
          'this device belongs to a user by now, and was not forgotten; forget that user',
          { path: 'anonymous_id' },
        );
      }
      return { visitors: [subject.anonymousId], names: [subject.anonymousId] };
    }
    const userKey = pseudonym(pseudonymKey, subject.userId);
    const [linked, seen] = await Promise.all([documents.devicesOf(userKey), rows.visitorsOf(userKey)]);
    const devices = [...new Set([...linked, ...seen])].filter((visitor) => visitor !== userKey);
    const taken = await documents.ownedByOthers(devices, userKey);
    const visitors = devices.filter((visitor) => !taken.has(visitor));
    return { userKey, visitors, names: [subject.userId, userKey, ...visitors] };
  };

  const erase = async ({ person, until }: PendingErasure) => {
    const mentions = mentionsOf(person.names);
    // Rows first: failed events are found by looking into their payloads, which are files too.
    const counts = await rows.erase(person, until, mentions);
    const [documented, filed] = await Promise.all([
      documents.erase(person, until),
      files.erase(mentions, until),
    ]);
    return { removed: { ...counts, ...documented, ...filed.counts }, left: filed.left };
  };

  return {
    async forget(subject, until = new Date(clock()).toISOString()) {
      const person = await personOf(subject);
      const hashes = hashesOf(person);
      const sweep_after = new Date(clock() + sweepAfterMs).toISOString();
      await tombstones.set(hashes, { person, until }, sweep_after);
      await rows.bury(hashes, until);
      const { removed, left } = await erase({ person, until });
      return { forgotten_at: until, keys: hashes.length, removed, left, sweep_after };
    },

    async sweep() {
      const due = await tombstones.due(new Date(clock()).toISOString());
      for (const pending of due) {
        await erase(pending);
        await tombstones.settle(hashesOf(pending.person));
      }
      return due.length;
    },
  };
}

function hashesOf({ userKey, visitors }: Person): readonly string[] {
  return [...new Set([...(userKey === undefined ? [] : [userKey]), ...visitors])].map(keyHash);
}
