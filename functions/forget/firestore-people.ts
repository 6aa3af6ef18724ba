import type { DocumentReference, DocumentSnapshot, Firestore } from '@google-cloud/firestore';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { PeopleDocuments, Person } from './ports.ts';

/** People in Firestore: `profiles/{key}`, `recommendations/{visitor}`, `devices/{visitor}/tokens/*`. */
export function makeFirestorePeople(firestore: Firestore): PeopleDocuments {
  const profiles = firestore.collection(COLLECTIONS.profiles);

  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw new TransientError(`Firestore did not erase a person: ${messageOf(error)}`, { cause: error });
    }
  };

  const read = async (references: readonly DocumentReference[]): Promise<readonly DocumentSnapshot[]> =>
    references.length === 0 ? [] : firestore.getAll(...references);

  const remove = async (references: readonly DocumentReference[]): Promise<number> => {
    const writer = firestore.bulkWriter();
    const deleted = references.map((reference) => writer.delete(reference));
    await writer.close();
    await Promise.all(deleted);
    return references.length;
  };

  const visitorsOf = ({ userKey, visitors }: Person): readonly string[] =>
    userKey === undefined ? visitors : [userKey, ...visitors];

  return {
    devicesOf: (userKey) =>
      explained(async () => {
        const linked = await profiles.where('linked_to', '==', userKey).select('user_key').get();
        return linked.docs.flatMap((document) => {
          const device: unknown = document.get('user_key');
          return typeof device === 'string' ? [device] : [];
        });
      }),

    ownedByOthers: (visitors, userKey) =>
      explained(async () => {
        const found = await read(visitors.map((visitor) => profiles.doc(documentId(visitor))));
        return new Set(
          visitors.filter((_visitor, index) => {
            const owner: unknown = found[index]?.get('linked_to');
            return typeof owner === 'string' && owner !== userKey;
          }),
        );
      }),

    erase: (person, until) =>
      explained(async () => {
        // A user without a device is a visitor by the pseudonym.
        const keys = visitorsOf(person);
        const documentsOf = (collection: string) =>
          keys.map((key) => firestore.collection(collection).doc(documentId(key)));
        const old = (document: DocumentSnapshot, field: string): boolean =>
          document.exists && isUntil(until, document.createTime?.toDate(), document.get(field));
        const [known, screens, ...tokens] = await Promise.all([
          read(documentsOf(COLLECTIONS.profiles)),
          read(documentsOf(COLLECTIONS.recommendations)),
          ...documentsOf(COLLECTIONS.devices).map(
            async (device) => (await device.collection('tokens').get()).docs,
          ),
        ]);
        const refsOf = (documents: readonly DocumentSnapshot[], field: string) =>
          documents.filter((document) => old(document, field)).map(({ ref }) => ref);
        return {
          firestore_profiles: await remove(refsOf(known, 'first_seen')),
          firestore_recommendations: await remove(refsOf(screens, 'trigger.event_time')),
          firestore_devices: await remove(refsOf(tokens.flat(), 'updated_at')),
        };
      }),
  };
}

/** Whether a document is of the time until then: made then, or about what happened then. */
function isUntil(until: string, made: Date | undefined, about: unknown): boolean {
  const limit = Date.parse(until);
  const time = typeof about === 'string' ? Date.parse(about) : dateOf(about);
  return (made !== undefined && made.getTime() <= limit) || time <= limit;
}

function dateOf(value: unknown): number {
  const date = (value as { toMillis?: () => number } | null | undefined)?.toMillis?.();
  return date ?? Number.POSITIVE_INFINITY;
}
