import type { MiddlewareHandler } from 'hono';
import { RefusedRequest } from './refused.ts';

const OWN_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** Scripts and styles of this server alone: text that an event brings along can be nothing but text. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The view has no password and reads a warehouse, so that only pages of its own may use it: requests must name this
 * machine as their host (else another site's name could be made to lead here), and what changes anything must come from
 * this origin, as JSON.
 * @throws RefusedRequest
 */
export const guard: MiddlewareHandler = async (context, next) => {
  const host = context.req.header('host') ?? '';
  if (!OWN_HOSTS.has(host.replace(/:\d+$/, '')))
    throw new RefusedRequest(403, `The view is for this machine; it is not served as ${host}.`);
  if (context.req.method !== 'GET' && context.req.method !== 'HEAD') {
    const origin = context.req.header('origin');
    if (origin !== undefined && origin !== `http://${host}`)
      throw new RefusedRequest(403, `Pages of ${origin} may not use the view.`);
    if (!context.req.header('content-type')?.startsWith('application/json'))
      throw new RefusedRequest(400, 'Send JSON, with content-type: application/json.');
  }
  context.header('content-security-policy', POLICY);
  context.header('x-content-type-options', 'nosniff');
  context.header('referrer-policy', 'no-referrer');
  await next();
};
