import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { type Context, Hono } from 'hono';
import { readOtlp, UnreadableTraces } from './read-otlp.ts';
import type { TraceStore } from './trace-store.ts';

const inflate = promisify(gunzip);
const MAX_BYTES = 32 * 1024 * 1024;
const PROTOBUF = 'application/x-protobuf';
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1000;

/** OTLP/HTTP for traces, and routes to read what was received (docs/tracing.md). */
export function makeTracesApp(store: TraceStore): Hono {
  const app = new Hono();
  app.post('/v1/traces', async (c) => {
    const contentType = c.req.header('content-type') ?? '';
    const isJson = /^application\/json\b/i.test(contentType);
    if (!isJson && !contentType.startsWith(PROTOBUF))
      return c.json({ message: `send ${PROTOBUF} or application/json` }, 415);
    store.add(readOtlp(await bodyOf(c), contentType));
    // An empty ExportTraceServiceResponse, which says that everything was taken, is no bytes at all.
    return isJson ? c.json({}) : c.body('', 200, { 'content-type': PROTOBUF });
  });

  app.get('/traces', (c) => {
    const event = c.req.query('event');
    if (event !== undefined) return c.json({ traces: store.ofEvent(event) });
    const limit = Number(c.req.query('limit') ?? DEFAULT_LIMIT);
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)
      return c.json({ message: `limit is a whole number from 1 to ${MAX_LIMIT}` }, 400);
    return c.json({ traces: store.recent(limit) });
  });
  app.get('/traces/:id', (c) => {
    const trace_id = c.req.param('id').toLowerCase();
    const spans = store.spans(trace_id);
    return spans.length > 0
      ? c.json({ trace_id, spans })
      : c.json({ message: `no span of trace ${trace_id} is here; the oldest ones are let go` }, 404);
  });

  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.post('/reset', (c) => {
    store.clear();
    return c.body(null, 204);
  });
  app.onError((error, c) => {
    const unreadable = error instanceof UnreadableTraces;
    return c.json({ message: error.message }, unreadable ? 400 : 500);
  });
  return app;
}

async function bodyOf(c: Context): Promise<Uint8Array> {
  const body = Buffer.from(await c.req.arrayBuffer());
  if (c.req.header('content-encoding') !== 'gzip') return body;
  try {
    return await inflate(body, { maxOutputLength: MAX_BYTES });
  } catch (cause) {
    throw new UnreadableTraces(`the body is no gzip of at most ${MAX_BYTES} bytes`, { cause });
  }
}
