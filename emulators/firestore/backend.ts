import type { FirestoreError } from './firestore-error.ts';
import type { ListenObserver, ListenStream } from './listen.ts';
import type { Aggregation, Cursor, Query } from './query.ts';
import type { Fields, Micros, Value } from './values.ts';
import type { CommitResult, Write, WriteResult } from './writes.ts';

/** A stored document; replaced whole by a write, never changed. */
export interface Document {
  /** `projects/P/databases/D/documents/…` */
  readonly name: string;
  readonly fields: Fields;
  readonly createTime: Micros;
  readonly updateTime: Micros;
}

/** Documents as of one time. */
export interface View {
  readonly time: Micros;
  get(name: string): Document | undefined;
}

/** One write about to be applied, as rules see it. */
export interface WriteAttempt {
  readonly kind: 'create' | 'update' | 'delete';
  readonly name: string;
  readonly before: Document | undefined;
  /** With transforms applied; undefined for a delete. */
  readonly after: Document | undefined;
  /** Before, and after, the whole commit: what `get` and `getAfter` read. */
  readonly views: { readonly before: View; readonly after: View };
}

/**
 * What one caller may do. Given with each operation of a caller who is not the project's owner; called inside it, on the
 * very documents it reads or writes.
 */
export interface Access {
  /** @throws FirestoreError PERMISSION_DENIED */
  get(name: string, document: Document | undefined, view: View): void;
  /** Called once with the query, then with each result. @throws FirestoreError PERMISSION_DENIED */
  list(query: Query, document: Document | undefined, view: View): void;
  /** @throws FirestoreError PERMISSION_DENIED */
  write(attempt: WriteAttempt): void;
}

/** As of when documents are read; without any, now. */
export interface ReadOptions {
  /** Of a transaction: what is read is locked until its end, or read as of its start where it is read-only. */
  readonly transaction?: string | undefined;
  readonly readTime?: Micros | undefined;
  readonly access?: Access | undefined;
}

export interface TransactionOptions {
  readonly readOnly: boolean;
  readonly readTime?: Micros | undefined;
}

export interface ListOptions extends ReadOptions {
  /** `…/documents`, or a document's name. */
  readonly parent: string;
  /** Undefined: every collection of the parent. */
  readonly collectionId?: string | undefined;
  readonly pageSize?: number | undefined;
  readonly pageToken?: string | undefined;
  readonly orderBy?: Query['orderBy'] | undefined;
  /** Also names that have no document, but have documents below them. */
  readonly showMissing?: boolean | undefined;
}

/** What the gRPC, WebChannel and REST handlers stand on. Every name is a full one; errors are {@link FirestoreError}. */
export interface Backend {
  /** A time later than any that was given before, also across restarts with kept data. */
  now(): Micros;
  /** Documents in the order of the names, undefined where there is none. */
  get(
    names: readonly string[],
    options?: ReadOptions,
  ): Promise<{ readonly readTime: Micros; readonly documents: readonly (Document | undefined)[] }>;
  /** A page of a collection, by name unless ordered; a name without document has `document` undefined. */
  list(options: ListOptions): Promise<{
    readonly entries: readonly { readonly name: string; readonly document: Document | undefined }[];
    readonly nextPageToken?: string;
  }>;
  query(
    query: Query,
    options?: ReadOptions,
  ): Promise<{ readonly readTime: Micros; readonly documents: readonly Document[] }>;
  aggregate(
    query: Query,
    aggregations: readonly Aggregation[],
    options?: ReadOptions,
  ): Promise<{ readonly readTime: Micros; readonly values: ReadonlyMap<string, Value> }>;
  /** Cursors that part a query's results into at most `count` + 1 parts. */
  partition(query: Query, count: number, options?: ReadOptions): Promise<readonly Cursor[]>;
  /** Ids of the collections right below a document or the root, in order. */
  collectionIds(parent: string, options?: ReadOptions): Promise<readonly string[]>;

  /** Starts a transaction of a database `projects/P/databases/D` and answers its id. */
  begin(database: string, options: TransactionOptions): string;
  /** Ends a transaction without writing; an unknown one is ended already. */
  rollback(transaction: string): void;
  /**
   * Applies all writes at one time, or none. Waits for transactions that hold the documents.
   * @throws FirestoreError NOT_FOUND, ALREADY_EXISTS, FAILED_PRECONDITION, INVALID_ARGUMENT, ABORTED, PERMISSION_DENIED
   */
  commit(
    database: string,
    writes: readonly Write[],
    options?: { readonly transaction?: string | undefined; readonly access?: Access | undefined },
  ): Promise<CommitResult>;
  /** Applies each write for itself: a result or an error per write, in order. */
  batchWrite(
    database: string,
    writes: readonly Write[],
    options?: { readonly access?: Access | undefined },
  ): Promise<readonly (WriteResult | FirestoreError)[]>;

  /** Opens a stream of changes; targets are added to it. */
  listen(observer: ListenObserver, access?: Access): ListenStream;

  /** Deletes every document of a database; listeners see it. */
  clear(database: string): Promise<void>;
  /** Deletes everything. */
  reset(): Promise<void>;
  close(): Promise<void>;
}
