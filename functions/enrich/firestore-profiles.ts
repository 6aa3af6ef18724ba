import { type Firestore, Timestamp } from '@google-cloud/firestore';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import { decodeProfile, encodeProfile } from './history/profile-codec.ts';
import type { Profiles, StoredProfile } from './history/profiles.ts';

/** gRPC codes of a precondition that does not hold: NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION. */
const CONFLICTS: ReadonlySet<unknown> = new Set([5, 6, 9]);

/**
 * Profiles in Firestore, `profiles/{documentId(user_key)}`. Reads are one `getAll`. Writes go through a BulkWriter, in parallel,
 * each under its own precondition (the update time read, or that the document is new): no transactions, whose locks
 * serialise hot documents. The BulkWriter retries what is transient.
 */
export function makeFirestoreProfiles(firestore: Firestore): Profiles {
  const collection = firestore.collection(COLLECTIONS.profiles);
  const documentOf = (key: string) => collection.doc(documentId(key));
  return {
    async read(keys) {
      if (keys.length === 0) return new Map();
      try {
        const documents = await firestore.getAll(...keys.map(documentOf));
        const found = new Map<string, StoredProfile>();
        documents.forEach((document, index) => {
          const key = keys[index];
          const data = document.data();
          if (key === undefined || !data || !document.updateTime) return;
          found.set(key, { profile: decodeProfile(data), version: versionOf(document.updateTime) });
        });
        return found;
      } catch (error) {
        throw new TransientError(`the customer profiles could not be read: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },

    async write(changes) {
      const conflicts = new Set<string>();
      if (changes.length === 0) return conflicts;
      const failures: unknown[] = [];
      const writer = firestore.bulkWriter({ throttling: false });
      for (const { key, profile, version } of changes) {
        const fields = { ...encodeProfile(key, profile) };
        const written =
          version === undefined
            ? writer.create(documentOf(key), fields)
            : writer.update(documentOf(key), fields, { lastUpdateTime: timestampOf(version) });
        written.catch((error: unknown) => {
          if (CONFLICTS.has((error as { code?: unknown }).code)) conflicts.add(key);
          else failures.push(error);
        });
      }
      await writer.close();
      if (failures.length > 0) {
        const [first] = failures;
        throw new TransientError(
          `${failures.length} of ${changes.length} customer profiles could not be written: ${messageOf(first)}`,
          { cause: first },
        );
      }
      return conflicts;
    },
  };
}

function versionOf(time: Timestamp): string {
  return `${time.seconds}.${time.nanoseconds}`;
}

function timestampOf(version: string): Timestamp {
  const [seconds, nanoseconds] = version.split('.').map(Number);
  return new Timestamp(seconds ?? 0, nanoseconds ?? 0);
}
