import { type DocumentData, FieldValue, type Firestore, Timestamp } from '@google-cloud/firestore';
import { encodeVersion, writeUnlessChanged } from '../../shared/conditional-writes.ts';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';
import type { Screen } from './screen.ts';
import type { Screens, ShownScreen } from './update-screens.ts';

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

    write: (writes) =>
      writeUnlessChanged(
        firestore,
        writes.map(({ visitorId, screen, version }) => ({
          key: visitorId,
          reference: collection.doc(documentId(visitorId)),
          fields: fieldsOf(screen, version !== undefined),
          version,
        })),
        'screens',
      ),
  };
}

/** @param replaces a screen, whose experiment may have ended */
function fieldsOf(screen: Screen, replaces: boolean): DocumentData {
  const fields = { ...screen, expires_at: Timestamp.fromDate(screen.expires_at) };
  return replaces && !screen.experiment ? { ...fields, experiment: FieldValue.delete() } : fields;
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
