import { BigQueryError } from '../backend.ts';

const FORMATS = ['JSON'] as const;
const COMPRESSIONS = ['GZIP', 'NONE'] as const;

/** `EXPORT DATA OPTIONS (…) AS query`, taken apart. */
export interface ExportStatement {
  readonly bucket: string;
  /** Object names up to, and after, the shard's number. */
  readonly prefix: string;
  readonly suffix: string;
  readonly compression: (typeof COMPRESSIONS)[number];
  readonly overwrite: boolean;
  readonly query: string;
}

const STATEMENT =
  /^\s*EXPORT\s+DATA\s+OPTIONS\s*\((?<options>(?:[^()'"]|'[^']*'|"[^"]*")*)\)\s*AS\s+(?<query>[\s\S]+)$/i;
const OPTION = /(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)"|(\w+))/g;

/**
 * Reads an EXPORT DATA statement, as far as newline-delimited JSON goes.
 * https://cloud.google.com/bigquery/docs/reference/standard-sql/export-statements
 * @throws BigQueryError invalidQuery for one that BigQuery refuses, or that this emulator does not know
 */
export function parseExport(sql: string): ExportStatement {
  const { options = '', query = '' } = STATEMENT.exec(sql)?.groups ?? {};
  if (query === '') throw invalid('Syntax error: expected EXPORT DATA OPTIONS (…) AS query');
  const given = new Map<string, string>();
  for (const [, name = '', single, double, word] of options.matchAll(OPTION))
    given.set(name.toLowerCase(), single ?? double ?? word ?? '');
  const format = FORMATS.find((each) => each === given.get('format')?.toUpperCase());
  if (!format)
    throw invalid(`format is ${given.get('format') ?? 'missing'}; ${FORMATS.join()} is exported here`);
  const compression = COMPRESSIONS.find(
    (each) => each === (given.get('compression') ?? 'NONE').toUpperCase(),
  );
  if (!compression) throw invalid(`compression must be one of ${COMPRESSIONS.join(', ')}`);
  const uri = /^gs:\/\/(?<bucket>[^/*]+)\/(?<prefix>[^*]*)\*(?<suffix>[^*]*)$/.exec(given.get('uri') ?? '');
  const { bucket = '', prefix = '', suffix = '' } = uri?.groups ?? {};
  if (!uri) throw invalid('uri must be gs://bucket/path with a single wildcard *');
  const overwrite = given.get('overwrite')?.toLowerCase() === 'true';
  return { bucket, prefix, suffix, compression, overwrite, query };
}

function invalid(message: string): BigQueryError {
  return new BigQueryError(400, 'invalidQuery', message);
}
