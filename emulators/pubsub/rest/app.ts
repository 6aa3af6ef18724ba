import { Hono } from 'hono';
import type { Faults } from '../../faults/faults.ts';
import { faultRoutes } from '../../faults/routes.ts';
import type { RestRoute } from '../../transcoding/routes.ts';
import type { Backend } from '../backend.ts';
import type { Handlers } from '../handlers/handler.ts';
import type { Identity } from '../push/identity.ts';
import { addApi, errorResponse } from './api.ts';
import { statePage, viewOf } from './page.ts';

export interface RestAppOptions {
  readonly backend: Backend;
  readonly routes: readonly RestRoute[];
  /** By the services' full names. */
  readonly services: Readonly<Record<string, Handlers>>;
  readonly faults: Faults;
  readonly identity: Identity;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Resets every connection, this one included once it is answered. */
  readonly disconnect: () => void;
}

/** Pub/Sub's REST API, the keys that push tokens are verified by, a page of what is going on, and control routes. */
export function makeRestApp(options: RestAppOptions): Hono {
  const { backend, faults, identity, now } = options;
  const app = new Hono();
  app.onError(errorResponse);
  app.notFound((context) =>
    context.json(
      { error: { code: 404, message: `${context.req.method} ${context.req.path} is not served.` } },
      404,
    ),
  );
  addApi(app, options.routes, options.services);

  const views = () => backend.allSubscriptions().map((each) => viewOf(each, backend.stats(each.name), now()));
  app.get('/', (context) => context.html(statePage(views())));
  app.get('/_emulator/subscriptions', (context) => context.json({ subscriptions: views() }));
  app.get('/oauth2/v3/certs', (context) => context.json(identity.keys));

  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.post('/reset', async (context) => {
    backend.reset();
    faults.set([]);
    await backend.durable();
    return context.body(null, 204);
  });
  app.route('/', faultRoutes(faults, ['duplicates', 'reorder']));
  app.post('/_emulator/disconnect', (context) => {
    setImmediate(options.disconnect);
    return context.body(null, 204);
  });
  return app;
}
