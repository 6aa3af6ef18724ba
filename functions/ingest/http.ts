import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

/** A request as the collector sees it: no framework, the body still unread. */
export interface CollectorRequest {
  readonly method: string;
  /** Without query or trailing slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly remoteAddress?: string | undefined;
  /** Bytes the client says it sends; undefined where it does not say. */
  readonly declaredBytes?: number | undefined;
  /**
   * Reads and inflates the body, never holding more than `maxBytes` of it.
   * @param grow told the bytes that are held, whenever they become more than were declared; throws where there is no room
   * @throws Refusal 400, 408, 413 or 415, and what `grow` throws.
   */
  readBody(maxBytes: number, grow: (bytes: number) => void): Promise<Buffer>;
}

export type ResponseHeaders = Readonly<Record<string, string>>;

export interface CollectorResponse {
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly body: string | Buffer;
  /** Sent in place of the body, for as long as it goes on. */
  readonly stream?: Readable;
}

/** A request that is not taken, and why, in words for the developer who sent it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  /** Set where the same request may succeed later. */
  readonly retryAfterSeconds: number | undefined;

  constructor(
    status: number,
    message: string,
    options: { retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.status = status;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** A response with a JSON body. */
export function jsonResponse(
  status: number,
  value: unknown,
  headers: ResponseHeaders = {},
): CollectorResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
    body: JSON.stringify(value),
  };
}

/** The value of a header that may be repeated. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The collector's own URL as its client called it, without a slash at its end. */
export function ownUrl(headers: IncomingHttpHeaders): string {
  const { host = '' } = headers;
  const scheme = headerOf(headers, 'x-forwarded-proto') === 'https' ? 'https' : 'http';
  return `${scheme}://${/^[\w.:[\]-]+$/.test(host) ? host : 'localhost'}`;
}
