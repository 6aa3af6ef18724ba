import type { IncomingHttpHeaders } from 'node:http';
import type { CollectorResponse, ResponseHeaders } from './http.ts';
import type { Source } from './sources.ts';

/** Which pages may send, and read this collector's answers. */
export interface Cors {
  /** Whether a page, or no page at all, may send with the keys of this source. */
  allows(request: IncomingHttpHeaders, source: Source): boolean;
  /** Headers for any answer to this request. */
  headers(request: IncomingHttpHeaders): ResponseHeaders;
  /** The answer to a preflight request, which says nothing of the source. */
  preflight(request: IncomingHttpHeaders): CollectorResponse;
}

/**
 * @param common origins such as `https://shop.example`, or `*`, of every source that names none of its own
 */
export function makeCors(common: readonly string[], sources: readonly Source[] = []): Cors {
  const anywhere = new Set([...common, ...sources.flatMap(({ origins = [] }) => origins)]);
  const within = (origins: Iterable<string>, origin: string): boolean => {
    for (const each of origins) if (each === '*' || each === origin) return true;
    return false;
  };
  const headers = ({ origin }: IncomingHttpHeaders): ResponseHeaders => {
    if (origin === undefined) return {};
    if (!within(anywhere, origin)) return { vary: 'Origin' };
    // sendBeacon always asks with credentials, for which a browser does not take `*`.
    return {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'Retry-After',
      vary: 'Origin',
    };
  };
  return {
    allows: ({ origin }, source) => origin === undefined || within(source.origins ?? common, origin),
    headers,
    preflight: (request) => ({
      status: 204,
      headers: {
        ...headers(request),
        'access-control-allow-methods': 'GET, POST, OPTIONS',
        'access-control-allow-headers':
          'Authorization, Content-Type, Content-Encoding, X-Write-Key, X-Retry-Count, SP-Anonymous, traceparent',
        'access-control-max-age': '3600',
      },
      body: '',
    }),
  };
}
