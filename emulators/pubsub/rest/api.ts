import type { Context, Hono } from 'hono';
import { JsonError } from '../../transcoding/json.ts';
import type { RestRoute } from '../../transcoding/routes.ts';
import type { Handlers } from '../handlers/handler.ts';
import { CODE, invalid, PubSubError } from '../pubsub-error.ts';

/** https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto */
const STATUS: Readonly<Record<number, 400 | 404 | 409 | 429 | 499 | 500 | 501 | 503 | 504>> = {
  [CODE.CANCELLED]: 499,
  [CODE.INVALID_ARGUMENT]: 400,
  [CODE.DEADLINE_EXCEEDED]: 504,
  [CODE.NOT_FOUND]: 404,
  [CODE.ALREADY_EXISTS]: 409,
  [CODE.RESOURCE_EXHAUSTED]: 429,
  [CODE.FAILED_PRECONDITION]: 400,
  [CODE.ABORTED]: 409,
  [CODE.OUT_OF_RANGE]: 400,
  [CODE.UNIMPLEMENTED]: 501,
  [CODE.INTERNAL]: 500,
  [CODE.UNAVAILABLE]: 503,
};

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
  const status = STATUS[code] ?? 500;
  const name = Object.entries(CODE).find(([, value]) => value === code)?.[0];
  return context.json({ error: { code: status, message: error.message, status: name } }, status as 400);
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
