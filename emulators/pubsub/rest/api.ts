import type { Context, Hono } from 'hono';
import { statusOfCode } from '../../status-codes.ts';
import { JsonError } from '../../transcoding/json.ts';
import type { RestRoute } from '../../transcoding/routes.ts';
import type { Handlers } from '../handlers/handler.ts';
import { CODE, invalid, PubSubError } from '../pubsub-error.ts';

/** Adds Pub/Sub's REST API, which answers by the same handlers as gRPC. */
export function addApi(
  app: Hono,
  routes: readonly RestRoute[],
  services: Readonly<Record<string, Handlers>>,
): void {
  app.all('/v1/*', async (context) => {
    const { pathname, searchParams } = new URL(context.req.url);
    const verb = context.req.method.toLowerCase();
    for (const route of routes) {
      const match = route.verb === verb ? route.path.exec(pathname) : null;
      if (!match) continue;
      const handler = services[route.service]?.[route.method];
      if (!handler) break;
      const body = parse(await context.req.text());
      const request = read(() => route.request(match, searchParams, body));
      return context.json(route.response(await handler(request, context.req.raw.signal)) as object);
    }
    throw new PubSubError(
      CODE.NOT_FOUND,
      `${context.req.method} ${pathname} is not served by this emulator.`,
    );
  });
}

/** An error in the form of Google's REST APIs: https://cloud.google.com/apis/design/errors */
export function errorResponse(error: Error, context: Context): Response {
  const code = error instanceof PubSubError ? error.code : CODE.INTERNAL;
  const { name, http } = statusOfCode(code);
  return context.json({ error: { code: http, message: error.message, status: name } }, http as 400);
}

function parse(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('Invalid JSON payload received.');
  }
}

function read<T>(request: () => T): T {
  try {
    return request();
  } catch (error) {
    if (error instanceof JsonError) throw invalid(`Invalid JSON payload received. ${error.message}`);
    throw error;
  }
}
