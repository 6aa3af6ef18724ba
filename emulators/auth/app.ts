import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { messageOf } from '../../shared/errors.ts';
import type { Faults } from '../faults/faults.ts';
import { faultRoutes } from '../faults/routes.ts';
import { strikeHttp } from '../faults/strike-http.ts';
import type { Account, Accounts } from './accounts.ts';
import { addAdminRoutes } from './admin-routes.ts';
import { AuthError } from './auth-error.ts';
import { addClientRoutes } from './client-routes.ts';
import { makeSessions } from './sessions.ts';

export interface AuthAppOptions {
  /** The project that clients with an API key belong to. */
  readonly project: string;
  readonly accounts: Accounts;
  /** Of the API; its methods go by the end of their paths, as `accounts:signUp` or `token`. */
  readonly faults: Faults;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** A new user's id, 28 letters and digits as Firebase's. */
  readonly nextId: () => string;
}

/** Firebase Authentication as the web and Admin SDKs use it for anonymous and custom-token users. */
export function makeAuthApp({ project, accounts, faults, clock, nextId }: AuthAppOptions): Hono {
  const app = new Hono();
  const newAccount = (localId = nextId()): Account => {
    const now = clock();
    const time = String(now);
    return { localId, createdAt: time, lastLoginAt: time, lastRefreshAt: new Date(now).toISOString() };
  };
  app.use(cors({ origin: (origin) => origin || '*', maxAge: 3600 }));
  app.route('/', faultRoutes(faults));
  app.use(strikeHttp(faults, ({ req }) => req.path.split('/').at(-1) ?? ''));
  addClientRoutes(app, {
    project,
    accounts,
    newAccount,
    sessions: makeSessions({ project, accounts, clock }),
  });
  addAdminRoutes(app, { accounts, newAccount });
  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.get('/', (c) => c.json({ authEmulator: { ready: true, project } }));
  app.post('/reset', async (c) => {
    await accounts.reset();
    faults.set([]);
    return c.body(null, 204);
  });
  app.notFound((c) =>
    new AuthError(
      `OPERATION_NOT_ALLOWED : the emulator has no ${c.req.method} ${c.req.path}`,
      404,
    ).toResponse(),
  );
  app.onError((error) =>
    (error instanceof AuthError ? error : new AuthError(`INTERNAL : ${messageOf(error)}`, 500)).toResponse(),
  );
  return app;
}
