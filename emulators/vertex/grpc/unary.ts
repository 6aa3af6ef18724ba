import { type handleUnaryCall, Metadata, type UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Plain } from '../../protos.ts';
import { CODE, VertexError } from '../resources.ts';

/** A handler from plain request to plain response; errors become gRPC's. */
export function unary(
  handle: (request: Plain) => Plain | Promise<Plain>,
): UntypedServiceImplementation[string] {
  const call: handleUnaryCall<Plain, Plain> = (received, answer) => {
    Promise.resolve()
      .then(() => handle(received.request))
      .then(
        (response) => answer(null, response),
        (error: unknown) => {
          const code = error instanceof VertexError ? error.code : CODE.INTERNAL;
          const details = error instanceof Error ? error.message : String(error);
          answer({ name: 'ServiceError', message: details, code, details, metadata: new Metadata() });
        },
      );
  };
  return call;
}

/** `projects/P/locations/L/…` → `projects/P/locations/L`. */
export function parentOf(name: unknown): string {
  return String(name).split('/').slice(0, 4).join('/');
}

/** The one filter that is understood: `display_name="…"`. */
export function filtered<T extends { readonly displayName: string }>(
  list: readonly T[],
  filter: unknown,
): T[] {
  if (!filter) return [...list];
  const wanted = /^\s*display_name\s*=\s*"?([^"]*?)"?\s*$/.exec(String(filter))?.[1];
  if (wanted === undefined) {
    throw new VertexError(
      CODE.INVALID_ARGUMENT,
      `The filter ${filter} is not understood here; use display_name="…".`,
    );
  }
  return list.filter(({ displayName }) => displayName === wanted);
}
