import type { Plain } from '../../protos.ts';

/** Answers one request, whichever protocol it came by; throws PubSubError. The signal fires when the caller has gone. */
export type Handler = (request: Plain, signal: AbortSignal) => Plain | Promise<Plain>;

/** A service's handlers by the names of its methods. */
export type Handlers = Readonly<Record<string, Handler>>;
