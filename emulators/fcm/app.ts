import { Hono } from 'hono';
import { messageOf } from '../../shared/errors.ts';
import type { Faults } from '../faults/faults.ts';
import { faultRoutes } from '../faults/routes.ts';
import { strikeHttp } from '../faults/strike-http.ts';
import { FcmError } from './fcm-error.ts';
import type { Inboxes } from './inboxes.ts';
import { parseSend } from './message.ts';
import { devicePage, inboxesPage } from './page.ts';
import { TokenError, type TokenErrors } from './token-errors.ts';

export interface FcmAppOptions {
  readonly inboxes: Inboxes;
  /** Of the service; the method is `send`. */
  readonly faults: Faults;
  /** Of single devices. */
  readonly tokenErrors: TokenErrors;
  /** Unique per message. */
  readonly nextId: () => string;
}

/** FCM's HTTP v1 API for sending, and routes to look into inboxes and to set errors. */
export function makeFcmApp({ inboxes, faults, tokenErrors, nextId }: FcmAppOptions): Hono {
  const app = new Hono();
  app.route('/', faultRoutes(faults));
  app.use(
    '/v1/*',
    strikeHttp(faults, () => 'send'),
  );
  app.post('/v1/projects/:project/:method{messages:send}', async (c) => {
    if (!/^Bearer \S/.test(c.req.header('authorization') ?? '')) return unauthenticated();
    const request = parseSend(await bodyOf(c.req.text()));
    tokenErrors.check(request.token);
    const name = `projects/${c.req.param('project')}/messages/${nextId()}`;
    if (!request.validateOnly) inboxes.add(request, name);
    return c.json({ name });
  });

  app.get('/', (c) => c.html(inboxesPage(inboxes.tokens().map((token) => inboxes.inbox(token)))));
  app.get('/device/:token', (c) => c.html(devicePage(inboxes.inbox(c.req.param('token')))));
  app.post('/device/:token/connect', (c) => {
    const token = c.req.param('token');
    inboxes.take(token);
    return c.redirect(`/device/${encodeURIComponent(token)}`, 303);
  });
  app.post('/device/:token/uninstall', (c) => {
    const token = c.req.param('token');
    inboxes.take(token);
    tokenErrors.set(token, { error: 'UNREGISTERED' });
    return c.redirect(`/device/${encodeURIComponent(token)}`, 303);
  });
  app.get('/inbox', (c) => c.json({ tokens: inboxes.tokens() }));
  app.get('/inbox/:token', (c) => c.json(inboxes.inbox(c.req.param('token'))));
  app.post('/inbox/:token/take', (c) => c.json(inboxes.take(c.req.param('token'))));

  app.put('/_emulator/faults/:token', async (c) => {
    const fault = TokenError.safeParse(await bodyOf(c.req.text()));
    if (!fault.success) {
      throw new FcmError('INVALID_ARGUMENT', {
        message:
          'A token\'s error is {"error": "UNREGISTERED", "times": 2, "retry_after": 1}; only the error is required.',
        field: 'error',
      });
    }
    tokenErrors.set(c.req.param('token'), fault.data);
    return c.json(fault.data);
  });
  app.delete('/_emulator/faults/:token', (c) => {
    tokenErrors.remove(c.req.param('token'));
    return c.body(null, 204);
  });

  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.post('/reset', (c) => {
    inboxes.clear();
    faults.set([]);
    tokenErrors.clear();
    return c.body(null, 204);
  });
  app.onError((error) =>
    (error instanceof FcmError
      ? error
      : new FcmError('INTERNAL', { message: messageOf(error) })
    ).toResponse(),
  );
  return app;
}

async function bodyOf(text: Promise<string>): Promise<unknown> {
  try {
    return JSON.parse(await text);
  } catch {
    throw new FcmError('INVALID_ARGUMENT', { message: 'Invalid JSON payload received.', field: 'message' });
  }
}

function unauthenticated(): Response {
  const message = 'Request is missing required authentication credential: send an Authorization header.';
  return Response.json({ error: { code: 401, message, status: 'UNAUTHENTICATED' } }, { status: 401 });
}
