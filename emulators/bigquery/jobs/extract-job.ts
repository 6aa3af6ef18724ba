import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { z } from 'zod';
import { type Backend, BigQueryError } from '../backend.ts';
import { csvLines } from '../export/csv-lines.ts';
import { jsonLines } from '../export/json-lines.ts';
import { type Objects, parseGsUri } from '../gcs.ts';
import { refOf, TableReference } from './destination.ts';
import { withFolder } from './spool.ts';

/** https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationExtract, as far as it is known here. */
export const ExtractConfiguration = z.object({
  sourceTable: TableReference,
  destinationUris: z.array(z.string()).optional(),
  destinationUri: z.string().optional(),
  destinationFormat: z.enum(['CSV', 'NEWLINE_DELIMITED_JSON', 'PARQUET']).default('CSV'),
  compression: z.enum(['NONE', 'GZIP', 'SNAPPY', 'ZSTD']).default('NONE'),
  fieldDelimiter: z.string().default(','),
  printHeader: z.boolean().default(true),
});

export interface ExtractOptions {
  readonly backend: Backend;
  readonly objects: Objects;
  readonly project: string;
  readonly configuration: z.infer<typeof ExtractConfiguration>;
}

/** Rows of one object, where the name has a `*` for its number. */
const SHARD_ROWS = 100_000;

/**
 * Writes a table's rows to objects of Cloud Storage.
 * @returns the job's `statistics.extract`
 * @throws BigQueryError
 */
export async function runExtract({
  backend,
  objects,
  project,
  configuration,
}: ExtractOptions): Promise<object> {
  const { sourceTable, destinationUris, destinationUri, destinationFormat, compression } = configuration;
  const ref = refOf(sourceTable, project);
  if (backend.table(ref).view !== undefined) {
    throw new BigQueryError(
      400,
      'invalid',
      `${ref.project}:${ref.dataset}.${ref.table} is a VIEW: only tables are extracted.`,
    );
  }
  const [uri] = destinationUris ?? (destinationUri === undefined ? [] : [destinationUri]);
  if (uri === undefined) throw new BigQueryError(400, 'invalid', 'An extract job needs destinationUris.');
  const { bucket, prefix, suffix } = parseGsUri(uri);
  const put = (shard: number, content: Uint8Array): Promise<void> => {
    const name = suffix === undefined ? prefix : `${prefix}${String(shard).padStart(12, '0')}${suffix}`;
    return objects.upload(bucket, name, content);
  };
  if (destinationFormat === 'PARQUET') {
    await withFolder(async (folder) => {
      const file = join(folder, 'rows.parquet');
      await backend.bulk.saveParquet(ref, file, compression);
      await put(0, await readFile(file));
    });
    return counts(1);
  }
  const sql = `SELECT * FROM \`${ref.project}.${ref.dataset}.${ref.table}\``;
  const { fields, rows } = await backend.query({ project, sql });
  const size = suffix === undefined ? Math.max(1, rows.length) : SHARD_ROWS;
  const shards = Math.max(1, Math.ceil(rows.length / size));
  for (let shard = 0; shard < shards; shard += 1) {
    const part = { fields, rows: rows.slice(shard * size, (shard + 1) * size) };
    const lines =
      destinationFormat === 'CSV'
        ? csvLines(part, { delimiter: configuration.fieldDelimiter, header: configuration.printHeader })
        : jsonLines(part);
    const text = [...lines].join('');
    await put(shard, compression === 'GZIP' ? gzipSync(text) : Buffer.from(text));
  }
  return counts(shards);
}

function counts(files: number): object {
  return { destinationUriFileCounts: [String(files)], inputBytes: '0' };
}
