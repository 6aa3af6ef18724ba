import { randomUUID } from 'node:crypto';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { storeRows } from './append-queue.ts';
import { BigQueryError, type Bulk, type TableField, type TableRef } from './backend.ts';
import type { Catalog } from './catalog.ts';
import { columnList, fieldOf, quoted } from './fields.ts';

export interface BulkOptions {
  readonly instance: DuckDBInstance;
  readonly catalog: Catalog;
  /** Runs work that writes, alone, with the connection that writes. */
  readonly inTurn: <T>(work: (writer: DuckDBConnection) => Promise<T>) => Promise<T>;
}

const READERS = {
  CSV: 'read_csv_auto',
  NEWLINE_DELIMITED_JSON: 'read_json_auto',
  PARQUET: 'read_parquet',
} as const;

/** Loads go to a table of their own first, so that a file which breaks off leaves nothing behind. */
export function makeBulk({ instance, catalog, inTurn }: BulkOptions): Bulk {
  const into = async (
    ref: TableRef,
    fields: readonly TableField[],
    source: string,
    replace: boolean,
  ): Promise<number> => {
    const name = nameOf(ref);
    const count = await inTurn(async (writer) => {
      await writer.run('BEGIN');
      try {
        if (replace) await writer.run(`CREATE OR REPLACE TABLE ${name} (${columnList(fields)})`);
        const { rowsChanged } = await writer.run(`INSERT INTO ${name} BY NAME ${source}`);
        await writer.run('COMMIT');
        return rowsChanged;
      } catch (error) {
        await writer.run('ROLLBACK');
        throw error;
      }
    });
    if (replace) catalog.putTable({ ...catalog.table(ref), fields });
    return count;
  };

  return {
    async loadRows(ref, fields, batches, replace) {
      const staging = { project: 'memory', dataset: 'main', table: `load_${randomUUID()}` };
      const connection = await instance.connect();
      try {
        await connection.run(`CREATE TABLE ${nameOf(staging)} (${columnList(fields)})`);
        for await (const rows of batches) await storeRows(connection, staging, fields, rows);
        return await into(ref, fields, `SELECT * FROM ${nameOf(staging)}`, replace);
      } finally {
        await connection.run(`DROP TABLE IF EXISTS ${nameOf(staging)}`);
        connection.closeSync();
      }
    },
    loadParquet: (ref, fields, files, replace) =>
      asInvalid(into(ref, fields, `SELECT * FROM read_parquet(${list(files)})`, replace)),
    async describeFiles(format, files) {
      const connection = await instance.connect();
      try {
        const sql = `SELECT * FROM ${READERS[format]}(${list(files)}) LIMIT 0`;
        const result = await asInvalid(connection.run(sql));
        const isText = format !== 'PARQUET';
        return result
          .columnNames()
          .map((name, index) => fieldOf(name, result.columnType(index)))
          .map((field) => (isText ? asInstant(field) : field));
      } finally {
        connection.closeSync();
      }
    },
    async saveParquet(ref, file, compression) {
      const codec = compression === 'NONE' ? 'uncompressed' : compression.toLowerCase();
      const connection = await instance.connect();
      try {
        await connection.run(
          `COPY (SELECT * FROM ${nameOf(ref)}) TO ${text(file)} (FORMAT parquet, COMPRESSION ${codec})`,
        );
      } finally {
        connection.closeSync();
      }
    },
  };
}

/** A time in text is taken for a TIMESTAMP, as BigQuery takes it. */
function asInstant(field: TableField): TableField {
  if (field.fields) return { ...field, fields: field.fields.map(asInstant) };
  return field.type === 'DATETIME' ? { ...field, type: 'TIMESTAMP' } : field;
}

async function asInvalid<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new BigQueryError(400, 'invalid', `Error while reading data, error message: ${message}`);
  }
}

function nameOf({ project, dataset, table }: TableRef): string {
  return [project, dataset, table].map(quoted).join('.');
}

function list(files: readonly string[]): string {
  return `[${files.map(text).join(', ')}]`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}
