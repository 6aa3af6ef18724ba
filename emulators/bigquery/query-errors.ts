import { BigQueryError } from './backend.ts';
import { scan } from './sql/scan.ts';

/** A query, as far as its errors speak of it. */
export interface FailedQuery {
  readonly project: string;
  readonly dataset: string | undefined;
  /** GoogleSQL. */
  readonly sql: string;
}

/** What DuckDB says of a query, as BigQuery would say it: https://cloud.google.com/bigquery/docs/error-messages */
export function queryError(error: unknown, query: FailedQuery): BigQueryError {
  if (error instanceof BigQueryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const [, table] = /Table with name (\S+) does not exist/.exec(message) ?? [];
  if (table !== undefined) return tableNotFound(table, query);
  const [, schema] = /Schema with name "?([^"\s]+?)"? does not exist/.exec(message) ?? [];
  if (schema !== undefined) {
    const name = `${query.project}:${schema.replace(/^.*\./, '')}`;
    return new BigQueryError(404, 'notFound', `Not found: Dataset ${name} was not found in location US`);
  }
  return new BigQueryError(400, 'invalidQuery', invalidQuery(message, query.sql));
}

/** A job ended by its `jobTimeoutMs`: https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfiguration */
export function timedOut({ timeoutMs = 0 }: { readonly timeoutMs?: number | undefined }): BigQueryError {
  return new BigQueryError(
    400,
    'stopped',
    `Job execution was cancelled: Job timed out after ${timeoutMs / 1000} s`,
  );
}

function tableNotFound(written: string, { project, dataset, sql }: FailedQuery): BigQueryError {
  const table = written.replaceAll('"', '').split('.').at(-1) ?? written;
  const pattern = new RegExp(`(?:([\\w-]+)\\.)?(\\w+)\\.${table.replace(/[^\w]/g, '\\$&')}\\b`, 'i');
  const [, inProject = project, inDataset = dataset] = pattern.exec(sql.replaceAll('`', '')) ?? [];
  const name = inDataset === undefined ? table : `${inProject}:${inDataset}.${table}`;
  return new BigQueryError(404, 'notFound', `Not found: Table ${name} was not found in location US`);
}

function invalidQuery(message: string, sql: string): string {
  const [, column] = /Referenced column "([^"]+)" not found/.exec(message) ?? [];
  if (column !== undefined) return `Unrecognized name: ${column}${placeOf(column, sql)}`;
  const [, name] = /Function with name (\S+) does not exist/.exec(message) ?? [];
  if (name !== undefined) return `Function not found: ${name.toUpperCase()}${placeOf(name, sql)}`;
  const [, error] = /^Invalid Input Error: ([\s\S]*)$/.exec(message) ?? [];
  return error ?? message;
}

/** ` at [line:column]` of a name in a query; nothing where it is not there as such. */
function placeOf(name: string, sql: string): string {
  const pattern = new RegExp(`\\b${name.replace(/[^\w]/g, '\\$&')}\\b`, 'i');
  let before = '';
  for (const { kind, text } of scan(sql)) {
    const found = kind === 'code' || kind === 'name' ? pattern.exec(text) : null;
    if (found) {
      const lines = (before + text.slice(0, found.index)).split('\n');
      return ` at [${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}]`;
    }
    before += text;
  }
  return '';
}
