import type { DocumentReference, Firestore } from '@google-cloud/firestore';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';

/** A visitor's document, watched as the visitor's page does. */
export interface Screen {
  /** Resolves with the moment at which the list that answers to this event was there: epoch milliseconds, with fractions. */
  answerTo(eventId: string): Promise<number>;
  close(): void;
}

/** @param document of the visitor's list */
export function watchScreen(document: DocumentReference): Screen {
  const came = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  const close = document.onSnapshot((snapshot) => {
    const eventId: unknown = snapshot.get('trigger.event_id');
    if (typeof eventId !== 'string' || came.has(eventId)) return;
    const at = epochNow();
    came.set(eventId, at);
    waiting.get(eventId)?.(at);
  });
  return {
    answerTo(eventId) {
      const at = came.get(eventId);
      return at === undefined ? new Promise((resolve) => waiting.set(eventId, resolve)) : Promise.resolve(at);
    },
    close,
  };
}

/** The document that a visitor's page listens to. */
export function documentOf(firestore: Firestore, visitor: string): DocumentReference {
  return firestore.collection(COLLECTIONS.recommendations).doc(documentId(visitor));
}

/** As a page tells the time. */
export function epochNow(): number {
  return performance.timeOrigin + performance.now();
}
