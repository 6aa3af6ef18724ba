import type { Firestore } from '@google-cloud/firestore';
import pLimit from 'p-limit';
import QuickLRU from 'quick-lru';
import { decodeVersion, encodeVersion } from '../../shared/conditional-writes.ts';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { Device, Devices } from './update-screens.ts';

export interface FirestoreDevicesOptions {
  /** How long "no devices", of one visitor or of everybody, is believed. Milliseconds. */
  readonly absentTtlMs: number;
  /** Visitors remembered to have none. */
  readonly maxEntries: number;
  readonly clock: () => number;
}

const TOKENS = 'tokens';
/** Devices messaged per visitor; the newest. */
const MAX_DEVICES = 10;
/** Visitors looked up at the same time. */
const CONCURRENCY = 32;

/**
 * Registrations in Firestore, `devices/{documentId(visitor_id)}/tokens/*`. A lookup costs a read even where it finds
 * nothing, so absence is remembered: of each visitor, and, by one collection-group read, of a whole shop without apps
 * (docs/decisions/0020-who-has-devices.md).
 */
export function makeFirestoreDevices(
  firestore: Firestore,
  { absentTtlMs, maxEntries, clock }: FirestoreDevicesOptions,
): Devices {
  const absentUntil = new QuickLRU<string, number>({ maxSize: maxEntries });
  const limit = pLimit(CONCURRENCY);
  let nobodyUntil = Number.NEGATIVE_INFINITY;
  let somebodyKnown = false;

  const anybody = async (): Promise<boolean> => {
    if (somebodyKnown) return true;
    if (nobodyUntil > clock()) return false;
    somebodyKnown = !(await firestore.collectionGroup(TOKENS).limit(1).select().get()).empty;
    if (!somebodyKnown) nobodyUntil = clock() + absentTtlMs;
    return somebodyKnown;
  };

  const lookUp = async (visitorId: string): Promise<readonly Device[]> => {
    const tokens = firestore.collection(COLLECTIONS.devices).doc(documentId(visitorId)).collection(TOKENS);
    const found = await tokens.orderBy('updated_at', 'desc').limit(MAX_DEVICES).get();
    if (found.empty) absentUntil.set(visitorId, clock() + absentTtlMs);
    return found.docs.flatMap((document) => {
      const token: unknown = document.get('token');
      if (typeof token !== 'string' || token === '') return [];
      const registration = { path: document.ref.path, version: encodeVersion(document.updateTime) };
      return [{ visitorId, registration, token }];
    });
  };

  return {
    async find(visitorIds) {
      const now = clock();
      const asked = visitorIds.filter((visitor) => (absentUntil.get(visitor) ?? 0) <= now);
      if (asked.length === 0 || !(await anybody())) return new Map();
      const found = await Promise.all(
        asked.map(async (visitor) => [visitor, await limit(() => lookUp(visitor))] as const),
      );
      return new Map(found.filter(([, devices]) => devices.length > 0));
    },

    async remove(devices) {
      const writer = firestore.bulkWriter();
      for (const { registration } of devices) {
        const reference = firestore.doc(registration.path);
        writer
          .delete(reference, { lastUpdateTime: decodeVersion(registration.version) })
          // Renewed or removed meanwhile: then it is not ours to remove.
          .catch(() => undefined);
      }
      await writer.close();
    },
  };
}
