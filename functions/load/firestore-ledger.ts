import { AggregateField, type Firestore } from '@google-cloud/firestore';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { Ledger, LoadRecord } from './ports.ts';

/**
 * The ledger in Firestore: `loads/{load_id}`, and below it one document for each chunk that is done, so that chunks that end at
 * the same time do not contend. Totals are aggregations over those.
 */
export function makeFirestoreLedger(firestore: Firestore, clock: () => number = Date.now): Ledger {
  const loads = firestore.collection(COLLECTIONS.loads);
  const chunks = (loadId: string) => loads.doc(loadId).collection('chunks');
  const now = (): string => new Date(clock()).toISOString();
  const attempt = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw new TransientError(`${what} failed: ${messageOf(cause)}`, { cause });
    }
  };
  const read = async (loadId: string): Promise<LoadRecord | undefined> =>
    (await loads.doc(loadId).get()).data() as LoadRecord | undefined;

  return {
    begin: (load) =>
      attempt('entering a load', async () => {
        const known = await read(load.load_id);
        if (known) return known;
        const fresh: LoadRecord = { ...load, state: 'loading' };
        const { checksum, ...kept } = fresh;
        await loads
          .doc(load.load_id)
          .set(
            { ...kept, ...(checksum === undefined ? {} : { checksum }), began_at: now() },
            { merge: true },
          );
        return fresh;
      }),
    find: (loadId) => attempt('reading a load', () => read(loadId)),
    findDone: ({ load_id, checksum, kind, source }) =>
      attempt('looking for the same content', async () => {
        if (checksum === undefined) return undefined;
        const same = await loads.where('checksum', '==', checksum).limit(20).get();
        return same.docs.find((document) => {
          const other = document.data() as LoadRecord;
          return (
            document.id !== load_id &&
            other.state === 'done' &&
            other.kind === kind &&
            other.source === source
          );
        })?.id;
      }),
    setChunks: (loadId, count) =>
      attempt('entering the number of chunks', async () => {
        await loads.doc(loadId).set({ chunks: count }, { merge: true });
      }),
    isDone: (loadId, index) =>
      attempt('reading a chunk', async () => (await chunks(loadId).doc(String(index)).get()).exists),
    finishChunk: (loadId, index, counts, place) =>
      attempt('entering a chunk', async () => {
        const batch = firestore.batch();
        batch.set(chunks(loadId).doc(String(index)), { ...counts, done_at: now() });
        if (place) {
          const checkpoint = { index: index + 1, place: { ...place } };
          batch.set(loads.doc(loadId), { checkpoint }, { merge: true });
        }
        await batch.commit();
      }),
    totals: (loadId) =>
      attempt('adding up chunks', async () => {
        const sums = await chunks(loadId)
          .aggregate({
            chunks: AggregateField.count(),
            read: AggregateField.sum('read'),
            out: AggregateField.sum('out'),
            failed: AggregateField.sum('failed'),
          })
          .get();
        return sums.data();
      }),
    end: (loadId, ending) =>
      attempt('ending a load', async () => {
        await loads.doc(loadId).set({ ...ending, ended_at: now() }, { merge: true });
      }),
  };
}
