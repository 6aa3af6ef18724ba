import { setImmediate } from 'node:timers/promises';
import { type DuckDBConnection, DuckDBDataChunk, type DuckDBType } from '@duckdb/node-api';
import type { TableField, TableRef, WriteRow } from './backend.ts';
import { duckType } from './fields.ts';
import { type DuckConverter, duckConverter } from './values.ts';

/** Rows of a DuckDB data chunk, at most. */
const CHUNK_ROWS = 2048;

/** Rows that are stored together; a group may be larger by one append. */
const GROUP_ROWS = 10_000;

interface Waiting {
  readonly rows: readonly WriteRow[];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export interface AppendQueueOptions {
  /** Runs work that writes, alone. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  readonly connection: DuckDBConnection;
  /** The table's columns now. */
  readonly fieldsOf: (ref: TableRef) => readonly TableField[];
}

/**
 * Appends by group commit: what arrives for a table while another append runs is stored in one transaction. Each call
 * resolves once its rows can be queried, in the order of calls.
 */
export function makeAppendQueue({ inTurn, connection, fieldsOf }: AppendQueueOptions) {
  const waiting = new Map<string, Waiting[]>();

  /** A transaction costs milliseconds whatever it holds, so what is on its way is waited for. */
  const gathered = async (key: string): Promise<void> => {
    let rows = 0;
    for (let before = -1; rows > before && rows < GROUP_ROWS; ) {
      before = rows;
      await setImmediate();
      rows = (waiting.get(key) ?? []).reduce((sum, each) => sum + each.rows.length, 0);
    }
  };

  const flush = async (key: string, ref: TableRef): Promise<void> => {
    await gathered(key);
    const group = waiting.get(key) ?? [];
    waiting.delete(key);
    try {
      const rows = group.flatMap((each) => each.rows);
      await storeRows(connection, ref, fieldsOf(ref), rows);
      for (const { resolve } of group) resolve();
    } catch (error) {
      if (group.length === 1) group[0]?.reject(error);
      // One append's bad value is no other's failure.
      else
        for (const { rows, resolve, reject } of group) {
          await storeRows(connection, ref, fieldsOf(ref), rows).then(resolve, reject);
        }
    }
  };

  return (ref: TableRef, rows: readonly WriteRow[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const key = JSON.stringify(ref);
      const group = waiting.get(key);
      if (group) {
        group.push({ rows, resolve, reject });
        return;
      }
      waiting.set(key, [{ rows, resolve, reject }]);
      inTurn(() => flush(key, ref)).catch(reject);
    });
}

/** Stores rows in a table of DuckDB, all or none. Rejects where a value does not fit its column. */
export async function storeRows(
  connection: DuckDBConnection,
  { project, dataset, table }: TableRef,
  fields: readonly TableField[],
  rows: readonly WriteRow[],
): Promise<void> {
  const columns = fields.map(columnOf);
  // All values are turned before any is handed over: closing an appender stores what it has.
  const chunks: DuckDBDataChunk[] = [];
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    chunks.push(chunkOf(rows.slice(start, start + CHUNK_ROWS), columns));
  }
  const appender = await connection.createAppender(table, dataset, project);
  try {
    for (const chunk of chunks) appender.appendDataChunk(chunk);
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
}

interface StoredColumn {
  readonly name: string;
  readonly type: DuckDBType;
  readonly convert: DuckConverter;
}

function columnOf(field: TableField): StoredColumn {
  return { name: field.name, type: duckType(field), convert: duckConverter(field) };
}

function chunkOf(rows: readonly WriteRow[], columns: readonly StoredColumn[]): DuckDBDataChunk {
  const chunk = DuckDBDataChunk.create(
    columns.map(({ type }) => type),
    rows.length,
  );
  columns.forEach(({ name, convert }, index) => {
    chunk.setColumnValues(
      index,
      rows.map((row) => convert(row[name])),
    );
  });
  return chunk;
}
