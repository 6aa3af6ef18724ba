import type { Hono } from 'hono';
import { z } from 'zod';
import type { Notifier } from './notifications.ts';
import { jsonOf } from './request.ts';
import { invalid, StorageError } from './storage-error.ts';

const Notification = z.object({ bucket: z.string().min(1), endpoint: z.url({ protocol: /^https?$/ }) });

/** The emulator's own routes: health, reset, and the notifications that stand in for Eventarc triggers. */
export function addControlRoutes(app: Hono, notifier: Notifier, reset: () => Promise<void>): void {
  app.get('/health', (c) => c.json({ status: 'ok' }));
  app.post('/reset', async (c) => {
    await reset();
    return c.body(null, 204);
  });
  app.get('/_emulator/notifications', (c) => c.json({ notifications: notifier.list() }));
  app.post('/_emulator/notifications', async (c) => {
    const parsed = Notification.safeParse(await jsonOf(c));
    if (!parsed.success)
      throw invalid('A notification is {"bucket": "NAME", "endpoint": "http://HOST:PORT/PATH"}.');
    return c.json(notifier.register(parsed.data), 201);
  });
  app.delete('/_emulator/notifications/:id', (c) => {
    const id = c.req.param('id');
    if (!notifier.remove(id)) throw new StorageError(404, 'notFound', `There is no notification ${id}.`);
    return c.body(null, 204);
  });
}
