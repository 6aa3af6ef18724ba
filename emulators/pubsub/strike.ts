import type { Faults } from '../faults/faults.ts';
import type { Handler, Handlers } from './handlers/handler.ts';
import { CODE, PubSubError } from './pubsub-error.ts';

/** Has handlers suffer what is set. Where a connection is to break, the caller sees what it then would: UNAVAILABLE. */
export function makeStrike(faults: Faults): (handlers: Handlers) => Handlers {
  const struck =
    (method: string, handler: Handler): Handler =>
    async (request, signal) => {
      const reset = await faults.strike(method);
      const response = await handler(request, signal);
      if (reset) throw new PubSubError(CODE.UNAVAILABLE, 'A fault was injected: the answer was lost.');
      return response;
    };
  return (handlers) =>
    Object.fromEntries(
      Object.entries(handlers).map(([method, handler]) => [method, struck(method, handler)]),
    );
}
