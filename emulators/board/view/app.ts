import { Hono } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { streamSSE } from 'hono/streaming';
import { z } from 'zod';
import { messageOf } from '../../../shared/errors.ts';
import { FailureFilter } from './failed-events.ts';
import type { Feed } from './feed.ts';
import { guard } from './guard.ts';
import type { ShownModel } from './models.ts';
import type { Assets } from './page-assets.ts';
import type { Failure, Journey, Table, TracedJourney, TraceSpan, Update } from './protocol.ts';
import { RefusedRequest } from './refused.ts';
import { ReplayOrder, type ReplayOutcome } from './replay-failures.ts';

/** What the view shows, whether of the local stack or of a project in the cloud. */
export interface ViewSources {
  readonly feed: Feed;
  /** Undefined where nothing is known of the event. */
  readonly journey: (eventId: string) => Promise<Journey | undefined>;
  /** Empty where spans are not kept here. */
  readonly spans: (eventId: string) => Promise<readonly TraceSpan[]>;
  readonly failures: (filter: FailureFilter) => Promise<Table>;
  readonly failureCounts: () => Promise<Table>;
  readonly models: () => Promise<readonly ShownModel[]>;
  readonly clickThrough: () => Promise<Table>;
  /** @throws RefusedRequest */
  readonly sql: (sql: string) => Promise<Table>;
  /** Sends failed events in again; undefined where that cannot be done from here. */
  readonly replay: ((order: ReplayOrder) => Promise<ReplayOutcome>) | undefined;
  /** Told of each page that begins and ends to watch. */
  readonly onWatchers?: (count: number) => void;
}

export interface ViewAppOptions {
  readonly sources: ViewSources;
  readonly assets: () => Promise<Assets>;
}

const EventId = z.string().min(1).max(200);
const Query = z.object({ sql: z.string() });

/** The pipeline view: its page, its figures as server-sent events, and what a person asks for. */
export function makeViewApp({ sources, assets }: ViewAppOptions): Hono {
  const app = new Hono();
  app.use(guard);
  app.onError((error, context) => {
    if (error instanceof RefusedRequest) return context.json<Failure>({ error: error.message }, error.status);
    if (error instanceof HTTPException) return error.getResponse();
    return context.json<Failure>({ error: messageOf(error) }, 500);
  });

  const asset = (name: keyof Assets, type: string) =>
    app.get(name, async (context) =>
      context.body((await assets())[name], 200, { 'content-type': type, 'cache-control': 'no-cache' }),
    );
  asset('/', 'text/html; charset=utf-8');
  asset('/page.js', 'text/javascript; charset=utf-8');
  asset('/page.css', 'text/css; charset=utf-8');
  app.get('/health', (context) => context.json({ status: 'ok' }));

  let watchers = 0;
  const count = (change: number): void => {
    watchers += change;
    sources.onWatchers?.(watchers);
  };
  app.get('/api/flow', (context) =>
    streamSSE(context, async (stream) => {
      // Before anything is waited for: a page may be gone at once.
      const gone = new Promise<void>((resolve) => stream.onAbort(resolve));
      count(1);
      const history = sources.feed.history();
      await stream.writeSSE({ event: 'history', data: JSON.stringify(history) });
      const snapshot = history.at(-1);
      if (snapshot)
        await stream.writeSSE({ data: JSON.stringify({ snapshot, events: [] } satisfies Update) });
      const end = sources.feed.watch(async (update: Update) => {
        await stream.writeSSE({ data: JSON.stringify(update) });
      });
      await gone;
      end();
      count(-1);
    }),
  );
  app.get('/api/events/:id', async (context) => {
    const id = EventId.safeParse(context.req.param('id'));
    const [journey, spans] = id.success
      ? await Promise.all([sources.journey(id.data), sources.spans(id.data)])
      : [undefined, []];
    if (journey) return context.json<TracedJourney>({ ...journey, spans });
    throw new RefusedRequest(
      404,
      'No event of this id was seen or stored. An id is that of one event, as its sender or ingest gave it; a moment ago it may still be on its way.',
    );
  });
  app.get('/api/failures', async (context) => {
    const filter = fitted(FailureFilter, context.req.query());
    const [counts, failures] = await Promise.all([sources.failureCounts(), sources.failures(filter)]);
    return context.json({ counts, failures, replayable: sources.replay !== undefined });
  });
  app.post('/api/failures/replay', async (context) => {
    const order = fitted(ReplayOrder, await bodyOf(context.req.raw));
    if (!sources.replay)
      throw new RefusedRequest(501, 'Events cannot be replayed from here: npm run replay does it.');
    return context.json<ReplayOutcome>(await sources.replay(order));
  });
  app.get('/api/models', async (context) => {
    const [models, clicks] = await Promise.all([sources.models(), sources.clickThrough()]);
    return context.json({ models, clicks });
  });
  app.post('/api/query', async (context) => {
    const { sql } = fitted(Query, await bodyOf(context.req.raw));
    return context.json<Table>(await sources.sql(sql));
  });
  app.notFound((context) => context.json<Failure>({ error: `${context.req.path} is not served here.` }, 404));
  return app;
}

function fitted<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new RefusedRequest(400, `${issue?.path.join('.') || 'The request'}: ${issue?.message}`);
}

async function bodyOf(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch {
    throw new RefusedRequest(400, 'The body of the request must be JSON.');
  }
}
