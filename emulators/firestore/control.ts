import { Hono } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { Faults } from '../faults/faults.ts';
import { faultRoutes } from '../faults/routes.ts';
import type { Backend } from './backend.ts';
import { asFirestoreError, STATUSES } from './firestore-error.ts';

/** Routes that are no part of Firestore: as Google's emulator has them, and this one's own. */
export function makeControl(backend: Backend, faults: Faults): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    const { status, message } = asFirestoreError(error);
    const code = STATUSES[status].http;
    return context.json({ error: { code, message, status } }, code as ContentfulStatusCode);
  });
  app.get('/', (context) => context.text('Ok\n'));
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.post('/reset', async (context) => {
    faults.set([]);
    await backend.reset();
    return context.json({});
  });
  app.delete('/emulator/v1/projects/:project/databases/:database/documents', async (context) => {
    const { project, database } = context.req.param();
    await backend.clear(`projects/${project}/databases/${database}`);
    return context.json({});
  });
  app.route('/', faultRoutes(faults));
  return app;
}
