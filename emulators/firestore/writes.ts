import type { FieldPath } from './query.ts';
import type { Fields, Micros, Value } from './values.ts';

/** What must hold of the stored document for a write to be applied. */
export type Precondition =
  | { readonly kind: 'exists'; readonly exists: boolean }
  | { readonly kind: 'updateTime'; readonly updateTime: Micros };

/** A change of a field that depends on what is stored, or on the server's clock. */
export type FieldTransform =
  | { readonly kind: 'serverTime'; readonly field: FieldPath }
  | {
      readonly kind: 'increment' | 'maximum' | 'minimum';
      readonly field: FieldPath;
      readonly operand: Value;
    }
  | {
      readonly kind: 'arrayUnion' | 'arrayRemove';
      readonly field: FieldPath;
      readonly elements: readonly Value[];
    };

/** https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#write */
export type Write = (
  | {
      readonly kind: 'set';
      readonly fields: Fields;
      /** Paths that are set, or deleted where `fields` lacks them; undefined: the whole document is replaced. */
      readonly mask?: readonly FieldPath[] | undefined;
      /** Applied in order, after the fields. */
      readonly transforms: readonly FieldTransform[];
    }
  | { readonly kind: 'delete' }
  /** Nothing but the precondition. */
  | { readonly kind: 'verify' }
) & { readonly name: string; readonly precondition?: Precondition | undefined };

export interface WriteResult {
  /** Absent after a delete. A write that changes nothing keeps the document's time. */
  readonly updateTime?: Micros;
  /** One per transform; null for those of arrays. */
  readonly transformResults: readonly Value[];
}

export interface CommitResult {
  readonly commitTime: Micros;
  readonly writeResults: readonly WriteResult[];
}
