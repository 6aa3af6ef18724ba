import type { Socket } from 'node:net';
import type { Context, MiddlewareHandler } from 'hono';
import type { Faults } from './faults.ts';

/** Routes of emulators' own, which nothing strikes. */
const OWN = /^\/(_emulator\/|health$|reset$|$)/;

/**
 * Strikes the calls of an HTTP API; what a strike throws goes the way of the API's own errors.
 * @param nameOf the method that a request calls, as faults name it
 */
export function strikeHttp(faults: Faults, nameOf: (context: Context) => string): MiddlewareHandler {
  return async (context, next) => {
    if (OWN.test(context.req.path)) return next();
    const reset = await faults.strike(nameOf(context));
    await next();
    if (reset) breakConnection(context);
  };
}

/** Resets the connection that a request came by. */
export function breakConnection(context: Context): void {
  const { incoming } = (context.env ?? {}) as { readonly incoming?: { readonly socket?: Socket } };
  incoming?.socket?.resetAndDestroy();
}
