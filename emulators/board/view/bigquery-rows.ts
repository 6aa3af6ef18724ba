import type { BigQuery } from '@google-cloud/bigquery';
import type { Table } from './protocol.ts';

/** Bounds of one query. */
export interface QueryBounds {
  readonly rows: number;
  readonly ms: number;
}

/** Runs a query and answers its first rows. @throws Error with BigQuery's message */
export type QueryRows = (
  sql: string,
  params: Readonly<Record<string, unknown>>,
  bounds: QueryBounds,
) => Promise<Table>;

/** What one query of a person's may read; in production a slip of the pen must not cost much. */
const MOST_BYTES = 10 * 1024 ** 3;

/** Over the official client; `@name` in the query is the parameter of that name. */
export function makeQueryRows(bigquery: BigQuery, clock: () => number = Date.now): QueryRows {
  return async (query, params, { rows: most, ms }) => {
    const began = clock();
    const [job] = await bigquery.createQueryJob({
      query,
      params: { ...params },
      jobTimeoutMs: ms,
      maximumBytesBilled: String(MOST_BYTES),
    });
    const options = { maxResults: most + 1, autoPaginate: false, timeoutMs: ms };
    const [rows, , response] = await job.getQueryResults(options);
    const columns = (response?.schema?.fields ?? []).map(({ name }) => name ?? '');
    return {
      columns,
      rows: rows.slice(0, most).map((row: object) => columns.map((name) => plain(Reflect.get(row, name)))),
      cut: rows.length > most,
      ms: clock() - began,
    };
  };
}

/** A cell as JSON: the client wraps times and numbers in objects with a `value`. */
function plain(value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(plain);
  if (Buffer.isBuffer(value)) return value.toString('base64');
  const wrapped = (value as { value?: unknown }).value;
  if (typeof wrapped === 'string' && Object.keys(value).length === 1) return wrapped;
  if (value.constructor.name === 'Big') return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

/** A table's rows as objects by column. */
export function records(table: Table): readonly Readonly<Record<string, unknown>>[] {
  return table.rows.map((row) => Object.fromEntries(table.columns.map((name, index) => [name, row[index]])));
}
