import { type DocumentData, type Firestore, Timestamp } from '@google-cloud/firestore';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { Screens, ShownScreen } from './update-screens.ts';

/** gRPC codes of a precondition that does not hold: NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION. */
const CONFLICTS: ReadonlySet<unknown> = new Set([5, 6, 9]);

/** What a decision needs of a document; items stay where they are. */
const FIELDS = ['trigger.event_time', 'generated_at', 'notified_at'];

/**
 * Screens in Firestore, `recommendations/{documentId(visitor_id)}`: one `getAll`, one bulk write, each document under the
 * precondition that it is as read. No transactions: they lock, and a screen that changed is decided anew anyway.
 */
export function makeFirestoreRecommendations(firestore: Firestore): Screens {
  const collection = firestore.collection(COLLECTIONS.recommendations);
  return {
    async read(visitorIds) {
      const found = new Map<string, ShownScreen>();
      if (visitorIds.length === 0) return found;
      const references = visitorIds.map((visitor) => collection.doc(documentId(visitor)));
      try {
        const documents = await firestore.getAll(...references, { fieldMask: FIELDS });
        documents.forEach((document, index) => {
          const visitor = visitorIds[index];
          const data = document.data();
          if (visitor === undefined || !data || !document.updateTime) return;
          found.set(visitor, { ...shownOf(data), version: encodeVersion(document.updateTime) });
        });
        return found;
      } catch (error) {
        throw new TransientError(`the screens could not be read: ${messageOf(error)}`, { cause: error });
      }
    },

    async write(writes) {
      const conflicts = new Set<string>();
      const failures: unknown[] = [];
      const writer = firestore.bulkWriter({ throttling: false });
      for (const { visitorId, screen, version } of writes) {
        const reference = collection.doc(documentId(visitorId));
        const fields = { ...screen, expires_at: Timestamp.fromDate(screen.expires_at) };
        const written =
          version === undefined
            ? writer.create(reference, fields)
            : writer.update(reference, fields, { lastUpdateTime: decodeVersion(version) });
        written.catch((error: unknown) => {
          if (CONFLICTS.has((error as { code?: unknown }).code)) conflicts.add(visitorId);
          else failures.push(error);
        });
      }
      await writer.close();
      if (failures.length > 0) {
        const [first] = failures;
        throw new TransientError(
          `${failures.length} of ${writes.length} screens could not be written: ${messageOf(first)}`,
          { cause: first },
        );
      }
      return conflicts;
    },
  };
}

/** A document without readable times counts as older than anything. */
function shownOf(data: DocumentData): Omit<ShownScreen, 'version'> {
  const notifiedAt = Date.parse(String(data.notified_at ?? ''));
  return {
    eventTime: timeOf(data.trigger?.event_time),
    generatedAt: timeOf(data.generated_at),
    ...(Number.isNaN(notifiedAt) ? {} : { notifiedAt }),
  };
}

function timeOf(value: unknown): number {
  const time = Date.parse(String(value ?? ''));
  return Number.isNaN(time) ? Number.NEGATIVE_INFINITY : time;
}

/** An update time in full; a Date would drop its microseconds. */
export function encodeVersion(time: Timestamp): string {
  return `${time.seconds}.${time.nanoseconds}`;
}

/** The inverse of `encodeVersion`. */
export function decodeVersion(version: string): Timestamp {
  const [seconds = 0, nanoseconds = 0] = version.split('.').map(Number);
  return new Timestamp(seconds, nanoseconds);
}
