import { randomUUID } from 'node:crypto';
import { type Context, Hono } from 'hono';
import { parseMultipart } from '../../storage/multipart.ts';
import { StorageError } from '../../storage/storage-error.ts';
import { BigQueryError } from '../backend.ts';
import type { InsertJob } from './job-routes.ts';
import { parseBody } from './parse-body.ts';
import { type Body, param } from './route.ts';

interface Session {
  readonly project: string;
  readonly body: Body;
  readonly chunks: Uint8Array[];
}

/** The second is what `bq` asks for. */
const UPLOADS = ['/upload', '/resumable/upload'].map(
  (prefix) => `${prefix}/bigquery/v2/projects/:projectId/jobs`,
);

/**
 * Load jobs whose file comes with the request, whole or in chunks.
 * https://cloud.google.com/bigquery/docs/reference/api-uploads
 */
export function makeUploadRoutes(insert: InsertJob): Hono {
  const sessions = new Map<string, Session>();
  const app = new Hono();

  app.on('POST', UPLOADS, async (context) => {
    const project = param(context, 'projectId');
    const kind = context.req.query('uploadType');
    if (kind === 'resumable') {
      const id = randomUUID();
      const text = await context.req.text();
      sessions.set(id, { project, body: parseBody(text), chunks: [] });
      const location = new URL(context.req.url);
      location.searchParams.set('upload_id', id);
      return context.body('', 200, { location: String(location) });
    }
    if (kind !== 'multipart') {
      throw new BigQueryError(400, 'invalid', `uploadType must be multipart or resumable, not "${kind}"`);
    }
    const { metadata, media } = await readMultipart(context);
    return context.json(await insert(project, metadata as Body, media));
  });

  app.on('PUT', UPLOADS, async (context) => {
    const id = context.req.query('upload_id') ?? '';
    const session = sessions.get(id);
    if (!session) throw new BigQueryError(404, 'notFound', `Not found: upload ${id}`);
    session.chunks.push(new Uint8Array(await context.req.arrayBuffer()));
    const received = session.chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    const total = /\/(\d+)$/.exec(context.req.header('content-range') ?? '')?.[1];
    const isOpen = /\/\*$/.test(context.req.header('content-range') ?? '');
    if (isOpen || (total !== undefined && received < Number(total))) {
      return context.body('', 308 as 200, received > 0 ? { range: `bytes=0-${received - 1}` } : {});
    }
    sessions.delete(id);
    return context.json(await insert(session.project, session.body, chunksOf(session)));
  });
  return app;
}

function bytesOf(context: Context): AsyncIterable<Uint8Array> {
  const { body } = context.req.raw;
  if (body) return body;
  throw new BigQueryError(400, 'invalid', 'An upload must have a body.');
}

async function* chunksOf({ chunks }: Session): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function readMultipart(context: Context): ReturnType<typeof parseMultipart> {
  try {
    return await parseMultipart(context.req.header('content-type'), bytesOf(context));
  } catch (error) {
    throw error instanceof StorageError ? new BigQueryError(400, 'invalid', error.message) : error;
  }
}
