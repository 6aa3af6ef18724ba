/** gRPC status codes the warehouse tells apart: https://grpc.io/docs/guides/status-codes/ */
export const UNAVAILABLE = 14;
export const NOT_FOUND = 5;
export const PERMISSION_DENIED = 7;
export const INVALID_ARGUMENT = 3;

/** CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, ABORTED, INTERNAL, UNAVAILABLE: worth another try now. */
export const RETRIABLE: ReadonlySet<number> = new Set([1, 2, 4, 8, 10, 13, UNAVAILABLE]);

/** The code of an error that a gRPC client raised; UNAVAILABLE where it has none, as for a broken socket. */
export function grpcCodeOf(error: unknown): number {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'number' ? code : UNAVAILABLE;
}
