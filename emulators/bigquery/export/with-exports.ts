import { gzipSync } from 'node:zlib';
import { type Backend, BigQueryError } from '../backend.ts';
import type { Objects } from '../gcs.ts';
import { statementKind } from '../sql/statements.ts';
import { type ExportStatement, parseExport } from './export-statement.ts';
import { jsonLines } from './json-lines.ts';

/** Rows of one exported object. */
const SHARD_ROWS = 20_000;

/**
 * A backend that also runs EXPORT DATA statements: the query's rows, in shards, as objects in Cloud Storage.
 */
export function withExports(backend: Backend, objects: Objects): Backend {
  return {
    ...backend,
    async query(request) {
      if (statementKind(request.sql) !== 'EXPORT') return backend.query(request);
      const statement = parseExport(request.sql);
      const result = await backend.query({ ...request, sql: statement.query });
      if (request.dryRun) return { fields: [], rows: [], statement: 'EXPORT_DATA' };
      await refuseIfPresent(objects, statement);
      const { bucket, prefix, suffix, compression } = statement;
      const lines = [...jsonLines(result)];
      for (let shard = 0; shard === 0 || shard * SHARD_ROWS < lines.length; shard += 1) {
        const text = lines.slice(shard * SHARD_ROWS, (shard + 1) * SHARD_ROWS).join('');
        const name = `${prefix}${String(shard).padStart(12, '0')}${suffix}`;
        await objects.upload(bucket, name, compression === 'GZIP' ? gzipSync(text) : Buffer.from(text));
      }
      return { fields: [], rows: [], statement: 'EXPORT_DATA' };
    },
  };
}

async function refuseIfPresent(
  objects: Objects,
  { bucket, prefix, overwrite }: ExportStatement,
): Promise<void> {
  if (overwrite || (await objects.list(bucket, prefix)).length === 0) return;
  throw new BigQueryError(
    400,
    'invalidQuery',
    `gs://${bucket}/${prefix} has files already: set overwrite=true, or export elsewhere`,
  );
}
