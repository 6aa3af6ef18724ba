import type { QueryParameter } from './sql/parameters.ts';

/** A column as BigQuery's REST API describes it. */
export interface TableField {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly description?: string;
  readonly fields?: readonly TableField[];
}

export interface DatasetRef {
  readonly project: string;
  readonly dataset: string;
}

export interface TableRef extends DatasetRef {
  readonly table: string;
}

/** What a client gave for a dataset or table, kept as it is: description, labels, partitioning, clustering … */
export type Metadata = Readonly<Record<string, unknown>>;

export interface DatasetEntry {
  readonly ref: DatasetRef;
  readonly metadata: Metadata;
  readonly created: number;
}

export interface TableEntry {
  readonly ref: TableRef;
  readonly metadata: Metadata;
  readonly fields: readonly TableField[];
  readonly created: number;
  /** GoogleSQL, for a view. */
  readonly view?: string;
}

/**
 * A row as decoded from the wire: INT64 as bigint or number, NUMERIC as string, TIMESTAMP as bigint microseconds, DATE
 * as days number, BYTES as Uint8Array, JSON as string, RECORD as object, REPEATED as array; absent fields absent.
 */
export type WriteRow = Readonly<Record<string, unknown>>;

/** A value as REST carries it: `{v}` cells, records as `{f}`. */
export type Cell = { readonly v: string | null | { readonly f: readonly Cell[] } | readonly Cell[] };

export interface QueryRequest {
  readonly project: string;
  /** GoogleSQL. */
  readonly sql: string;
  /** The dataset that bare table names mean. */
  readonly dataset?: string | undefined;
  readonly parameters?: readonly QueryParameter[] | undefined;
  /** Checks only. */
  readonly dryRun?: boolean | undefined;
  /** How long it may run before it is cancelled, in milliseconds; default without end. */
  readonly timeoutMs?: number | undefined;
}

export interface QueryResult {
  readonly fields: readonly TableField[];
  readonly rows: readonly { readonly f: readonly Cell[] }[];
  /** Rows that DML changed. */
  readonly changed?: number;
  readonly statement: string;
}

/** One of several faults that made a job fail. */
export interface Fault {
  readonly reason: string;
  readonly message: string;
  /** The file, where it was one's. */
  readonly location?: string;
}

/** An error in BigQuery's terms. */
export class BigQueryError extends Error {
  override readonly name = 'BigQueryError';
  readonly status: number;
  /** As `notFound`, `duplicate`, `invalidQuery`, `invalid`: https://cloud.google.com/bigquery/docs/error-messages */
  readonly reason: string;
  /** What led to it, of a load. */
  readonly faults: readonly Fault[];

  constructor(status: number, reason: string, message: string, faults: readonly Fault[] = []) {
    super(message);
    this.status = status;
    this.reason = reason;
    this.faults = faults;
  }
}

/** Whole files in and out; what is loaded is stored all or not at all, and visible at once. */
export interface Bulk {
  /**
   * Stores the rows of all batches in a table that exists.
   * @param replace in place of the rows, and the columns, that it has
   * @returns how many rows
   */
  loadRows(
    ref: TableRef,
    fields: readonly TableField[],
    batches: AsyncIterable<readonly WriteRow[]>,
    replace: boolean,
  ): Promise<number>;
  /** The same for Parquet files on disk; columns go by name. @throws BigQueryError invalid where they do not fit */
  loadParquet(
    ref: TableRef,
    fields: readonly TableField[],
    files: readonly string[],
    replace: boolean,
  ): Promise<number>;
  /** The columns that files on disk seem to have. @throws BigQueryError invalid where they cannot be read */
  describeFiles(
    format: 'CSV' | 'NEWLINE_DELIMITED_JSON' | 'PARQUET',
    files: readonly string[],
  ): Promise<readonly TableField[]>;
  /** Writes a table's rows to a Parquet file on disk. */
  saveParquet(ref: TableRef, file: string, compression: 'NONE' | 'GZIP' | 'SNAPPY' | 'ZSTD'): Promise<void>;
}

/** What the REST and gRPC handlers stand on. */
export interface Backend {
  datasets(project: string): readonly DatasetEntry[];
  /** @throws BigQueryError notFound */
  dataset(ref: DatasetRef): DatasetEntry;
  /** @throws BigQueryError duplicate */
  createDataset(ref: DatasetRef, metadata: Metadata): Promise<DatasetEntry>;
  updateDataset(ref: DatasetRef, metadata: Metadata): DatasetEntry;
  deleteDataset(ref: DatasetRef, withContents: boolean): Promise<void>;
  tables(ref: DatasetRef): readonly TableEntry[];
  table(ref: TableRef): TableEntry;
  createTable(
    ref: TableRef,
    fields: readonly TableField[],
    metadata: Metadata,
    view?: string,
  ): Promise<TableEntry>;
  /** New columns are added; a change BigQuery refuses is refused. */
  updateTable(
    ref: TableRef,
    fields: readonly TableField[] | undefined,
    metadata: Metadata,
    view?: string,
  ): Promise<TableEntry>;
  deleteTable(ref: TableRef): Promise<void>;
  rowCount(ref: TableRef): Promise<number>;
  /** Appends all rows, visible to queries once resolved. */
  appendRows(ref: TableRef, rows: readonly WriteRow[]): Promise<void>;
  readonly bulk: Bulk;
  /** Runs GoogleSQL: one statement, or a script of which the last answers. @throws BigQueryError invalidQuery */
  query(request: QueryRequest): Promise<QueryResult>;
  /** Deletes everything. */
  reset(): Promise<void>;
  close(): Promise<void>;
}
