import type { Firestore } from '@google-cloud/firestore';
import { encodeVersion, writeUnlessChanged } from '../../shared/conditional-writes.ts';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import { decodeProfile, encodeProfile } from './history/profile-codec.ts';
import type { Profiles, StoredProfile } from './history/profiles.ts';

/**
 * Profiles in Firestore, `profiles/{documentId(user_key)}`: one `getAll`, one bulk write, each document under the precondition that
 * it is as read.
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
          found.set(key, { profile: decodeProfile(data), version: encodeVersion(document.updateTime) });
        });
        return found;
      } catch (error) {
        throw new TransientError(`the customer profiles could not be read: ${messageOf(error)}`, {
          cause: error,
        });
      }
    },

    write: (changes) =>
      writeUnlessChanged(
        firestore,
        changes.map(({ key, profile, version }) => ({
          key,
          reference: documentOf(key),
          fields: { ...encodeProfile(key, profile) },
          version,
        })),
        'customer profiles',
      ),
  };
}
