import { gzipSync } from 'node:zlib';
import { type Backend, BigQueryError } from '../backend.ts';
import { statementKind } from '../sql/statements.ts';
import { type ExportStatement, parseExport } from './export-statement.ts';
import { jsonLines } from './json-lines.ts';

/** Rows of one exported object. */
const SHARD_ROWS = 20_000;

/**
 * A backend that also runs EXPORT DATA statements: the query's rows, in shards, as objects in Cloud Storage.
 * @param storageUrl of the Cloud Storage emulator; without one, exports are refused
 */
export function withExports(backend: Backend, storageUrl: string | undefined): Backend {
  return {
    ...backend,
    async query(request) {
      if (statementKind(request.sql) !== 'EXPORT') return backend.query(request);
      const statement = parseExport(request.sql);
      const result = await backend.query({ ...request, sql: statement.query });
      if (request.dryRun) return { fields: [], rows: [], statement: 'EXPORT_DATA' };
      if (storageUrl === undefined) {
        throw new BigQueryError(
          400,
          'invalid',
          'Set STORAGE_EMULATOR_HOST for the BigQuery emulator, which exports to it, and start it again.',
        );
      }
      await refuseIfPresent(storageUrl, statement);
      const lines = [...jsonLines(result)];
      for (let shard = 0; shard === 0 || shard * SHARD_ROWS < lines.length; shard += 1) {
        const text = lines.slice(shard * SHARD_ROWS, (shard + 1) * SHARD_ROWS).join('');
        await upload(storageUrl, statement, shard, Buffer.from(text));
      }
      return { fields: [], rows: [], statement: 'EXPORT_DATA' };
    },
  };
}

async function upload(
  storageUrl: string,
  { bucket, prefix, suffix, compression }: ExportStatement,
  shard: number,
  content: Buffer,
): Promise<void> {
  const name = encodeURIComponent(`${prefix}${String(shard).padStart(12, '0')}${suffix}`);
  await call(`${storageUrl}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${name}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(compression === 'GZIP' ? gzipSync(content) : content),
  });
}

async function refuseIfPresent(
  storageUrl: string,
  { bucket, prefix, overwrite }: ExportStatement,
): Promise<void> {
  const listed = await call(
    `${storageUrl}/storage/v1/b/${bucket}/o?maxResults=1&prefix=${encodeURIComponent(prefix)}`,
  );
  const { items = [] } = (await listed.json()) as { readonly items?: readonly unknown[] };
  if (items.length === 0 || overwrite) return;
  throw new BigQueryError(
    400,
    'invalidQuery',
    `gs://${bucket}/${prefix} has files already: set overwrite=true, or export elsewhere`,
  );
}

async function call(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(url, init);
  if (response.ok) return response;
  const status = response.status === 404 ? 404 : 400;
  const reason = response.status === 404 ? 'notFound' : 'invalid';
  throw new BigQueryError(
    status,
    reason,
    `Cloud Storage answered ${response.status}: ${await response.text()}`,
  );
}
