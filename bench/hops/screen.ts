import type { Firestore } from '@google-cloud/firestore';
import { documentId } from '../../shared/ids.ts';
import { COLLECTIONS } from '../../shared/pipeline.ts';

/** A visitor's document, watched as the visitor's page does. */
export interface Screen {
  /** Resolves with the moment (`performance.now()`) at which the list that answers to this event was there. */
  answerTo(eventId: string): Promise<number>;
  close(): void;
}

export function watchScreen(firestore: Firestore, visitor: string): Screen {
  const came = new Map<string, number>();
  const waiting = new Map<string, (at: number) => void>();
  const close = firestore
    .collection(COLLECTIONS.recommendations)
    .doc(documentId(visitor))
    .onSnapshot((snapshot) => {
      const eventId: unknown = snapshot.get('trigger.event_id');
      if (typeof eventId !== 'string' || came.has(eventId)) return;
      const at = performance.now();
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
