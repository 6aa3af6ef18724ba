import type { Document } from './backend.ts';
import type { FirestoreError } from './firestore-error.ts';
import type { Query } from './query.ts';
import type { Micros } from './values.ts';

/** Documents by their names, or a query's results, under a number that the client chose. */
export type Target = {
  readonly id: number;
  /** Where a former stream left off: what changed since is sent, or RESET and everything. */
  readonly resume?: { readonly token: Uint8Array } | { readonly readTime: Micros } | undefined;
  /** End the target once it is current. */
  readonly once: boolean;
  /** How many documents the client has for a target it resumes. */
  readonly expectedCount?: number | undefined;
} & (
  | { readonly kind: 'documents'; readonly names: readonly string[] }
  | { readonly kind: 'query'; readonly query: Query }
);

/**
 * What a stream tells its client, in order.
 * https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#listenresponse
 */
export type ListenEvent =
  | {
      readonly kind: 'target';
      /** NO_CHANGE without target ids, with a time: everything up to it has been sent, a consistent snapshot. */
      readonly change: 'NO_CHANGE' | 'ADD' | 'REMOVE' | 'CURRENT' | 'RESET';
      readonly targetIds: readonly number[];
      readonly cause?: FirestoreError;
      readonly resumeToken?: Uint8Array;
      readonly readTime?: Micros;
    }
  /** A document that is new or changed in some targets, or exists but has left some. */
  | {
      readonly kind: 'change';
      readonly document: Document;
      readonly targetIds: readonly number[];
      readonly removedTargetIds: readonly number[];
    }
  /** A document that is gone. */
  | {
      readonly kind: 'delete';
      readonly name: string;
      readonly readTime: Micros;
      readonly removedTargetIds: readonly number[];
    }
  /** How many documents match: the client that has another number asks again. */
  | { readonly kind: 'filter'; readonly targetId: number; readonly count: number };

/** Takes the events of one commit, or of one added target, at a time. */
export type ListenObserver = (events: readonly ListenEvent[]) => void;

export interface ListenStream {
  /** What is wrong with a target is told by REMOVE with its cause, not thrown. */
  add(target: Target): void;
  remove(targetId: number): void;
  /** Sends a snapshot, so that the client does not take the stream for dead. */
  heartbeat(): void;
  close(): void;
}
