import { type Context, Hono } from 'hono';
import type { Faults } from '../../faults/faults.ts';
import { faultRoutes } from '../../faults/routes.ts';
import { breakConnection, strikeHttp } from '../../faults/strike-http.ts';
import { type Backend, BigQueryError } from '../backend.ts';
import type { Objects } from '../gcs.ts';
import { makeJobs } from '../jobs/jobs.ts';
import { discoveryDocument } from './discovery.ts';
import { makeInsertJob, makeJobRoutes } from './job-routes.ts';
import { parseBody } from './parse-body.ts';
import { makeRoutes } from './routes.ts';
import { makeUploadRoutes } from './upload-routes.ts';

/** BigQuery's REST API v2, below `/bigquery/v2` as clients with an endpoint ask, and without, as others do; faults name its methods as it does, `jobs.query`. */
export function makeRestApp(backend: Backend, objects: Objects, faults: Faults): Hono {
  const jobs = makeJobs();
  const insert = makeInsertJob({ backend, objects, jobs });
  const routes = [...makeRoutes(backend), ...makeJobRoutes({ backend, objects, jobs }, insert)];
  const app = new Hono();
  app.onError((error, context) => {
    const known =
      error instanceof BigQueryError ? error : new BigQueryError(500, 'internalError', error.message);
    const { status, reason, message } = known;
    const body = {
      error: { code: status, message, status: reason, errors: [{ reason, message, domain: 'global' }] },
    };
    return context.json(body, status as 400);
  });
  app.notFound((context) => {
    const message = `${context.req.method} ${context.req.path} is not served by this emulator`;
    return context.json({ error: { code: 404, message, errors: [{ reason: 'notFound', message }] } }, 404);
  });
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.post('/reset', async (context) => {
    await backend.reset();
    jobs.clear();
    faults.set([]);
    return context.json({});
  });
  app.route('/', faultRoutes(faults, ['bad_rows']));
  app.use(
    '/upload/*',
    strikeHttp(faults, () => 'jobs.insert'),
  );
  app.route('/', makeUploadRoutes(insert));
  const discovery = (context: Context) =>
    context.json(discoveryDocument(routes, new URL(context.req.url).origin));
  app.get('/$discovery/rest', discovery);
  app.get('/discovery/v1/apis/bigquery/v2/rest', discovery);
  for (const prefix of ['/bigquery/v2', '']) {
    for (const route of routes) {
      app.on(route.verb, `${prefix}/${route.path}`, async (context) => {
        const reset = await faults.strike(route.id);
        const text = await context.req.text();
        const answer = context.json(await route.handle(context, parseBody(text)));
        if (reset) breakConnection(context);
        return answer;
      });
    }
  }
  return app;
}
