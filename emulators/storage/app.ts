import { Hono } from 'hono';
import { messageOf } from '../../shared/errors.ts';
import type { Faults } from '../faults/faults.ts';
import { faultRoutes } from '../faults/routes.ts';
import { strikeHttp } from '../faults/strike-http.ts';
import { addBucketRoutes } from './bucket-routes.ts';
import { addControlRoutes } from './control-routes.ts';
import { addCopyRoutes } from './copy-routes.ts';
import type { Notifier } from './notifications.ts';
import { addObjectRoutes } from './object-routes.ts';
import type { ObjectStore } from './object-store.ts';
import { StorageError } from './storage-error.ts';
import { addUploadRoutes } from './upload-routes.ts';
import type { UploadSessions } from './upload-sessions.ts';

export interface StorageAppOptions {
  readonly store: ObjectStore;
  readonly sessions: UploadSessions;
  readonly notifier: Notifier;
  /** Of the API; its methods go by their verbs, as `GET`. */
  readonly faults: Faults;
}

/** Roots under which clients ask: `STORAGE_EMULATOR_HOST` drops the prefix, `apiEndpoint` keeps it. */
const ROOTS = ['', '/storage/v1'] as const;

/** The JSON API of Cloud Storage over a store. */
export function makeStorageApp({ store, sessions, notifier, faults }: StorageAppOptions): Hono {
  const app = new Hono();
  addControlRoutes(app, notifier, async () => {
    await sessions.clear();
    await store.reset();
    faults.set([]);
  });
  app.route('/', faultRoutes(faults));
  app.use(strikeHttp(faults, ({ req }) => req.method));
  addUploadRoutes(app, store, sessions);
  for (const root of ROOTS) {
    addBucketRoutes(app, root, store);
    addObjectRoutes(app, root, store);
    addCopyRoutes(app, root, store);
  }
  addObjectRoutes(app, '/download/storage/v1', store);
  app.notFound((c) =>
    answer(new StorageError(404, 'notFound', `The emulator has no ${c.req.method} ${c.req.path}.`)),
  );
  app.onError((error) =>
    answer(error instanceof StorageError ? error : new StorageError(500, 'internalError', messageOf(error))),
  );
  return app;
}

function answer(error: StorageError): Response {
  return Response.json(error.toJson(), { status: error.status });
}
