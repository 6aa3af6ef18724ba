import type { Value } from './values.ts';

/** A field by its path, or `__name__`, the document's own name as a reference. */
export type FieldPath = readonly string[];

export type FieldOperator =
  | 'LESS_THAN'
  | 'LESS_THAN_OR_EQUAL'
  | 'GREATER_THAN'
  | 'GREATER_THAN_OR_EQUAL'
  | 'EQUAL'
  | 'NOT_EQUAL'
  | 'ARRAY_CONTAINS'
  | 'IN'
  | 'ARRAY_CONTAINS_ANY'
  | 'NOT_IN';
export type UnaryOperator = 'IS_NAN' | 'IS_NULL' | 'IS_NOT_NAN' | 'IS_NOT_NULL';

export type Filter =
  | { readonly kind: 'field'; readonly field: FieldPath; readonly op: FieldOperator; readonly value: Value }
  | { readonly kind: 'unary'; readonly field: FieldPath; readonly op: UnaryOperator }
  | { readonly kind: 'composite'; readonly op: 'AND' | 'OR'; readonly filters: readonly Filter[] };

export interface Order {
  readonly field: FieldPath;
  readonly descending: boolean;
}

/** A place in the ordered results: values of the first orders, just before or just after documents that have them. */
export interface Cursor {
  readonly values: readonly Value[];
  readonly before: boolean;
}

/**
 * A search for the vectors that are nearest to one.
 * https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#findnearest
 */
export interface VectorSearch {
  /** Where documents have their vectors; those that have none there of as many dimensions are no results. */
  readonly field: FieldPath;
  readonly vector: readonly number[];
  /** Dot products are the greater, the nearer; the others are the smaller. */
  readonly measure: 'EUCLIDEAN' | 'COSINE' | 'DOT_PRODUCT';
  /** How many results at most. */
  readonly limit: number;
  /** The distance that is just near enough. */
  readonly threshold?: number | undefined;
  /** The field of results that has their distance. */
  readonly resultField?: FieldPath | undefined;
}

/**
 * A query over a collection, as the client sent it; implied orders are not yet added.
 * https://cloud.google.com/firestore/docs/reference/rpc/google.firestore.v1#structuredquery
 */
export interface Query {
  /** What the collection is below: `…/documents`, or a document's name. */
  readonly parent: string;
  /** Undefined: any collection. */
  readonly collectionId?: string | undefined;
  /** Collections of that id at any depth below the parent. */
  readonly allDescendants: boolean;
  readonly where?: Filter | undefined;
  readonly orderBy: readonly Order[];
  readonly startAt?: Cursor | undefined;
  readonly endAt?: Cursor | undefined;
  readonly offset: number;
  readonly limit?: number | undefined;
  /** Among what the filters leave; in place of the orders. */
  readonly findNearest?: VectorSearch | undefined;
  /** Fields that are returned; undefined: all. */
  readonly select?: readonly FieldPath[] | undefined;
}

export interface Aggregation {
  readonly alias: string;
  readonly operator:
    | { readonly kind: 'count'; readonly upTo?: bigint | undefined }
    | { readonly kind: 'sum' | 'avg'; readonly field: FieldPath };
}
