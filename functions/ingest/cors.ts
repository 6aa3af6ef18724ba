import type { IncomingHttpHeaders } from 'node:http';
import type { CollectorResponse, ResponseHeaders } from './http.ts';

/** Which pages may read this collector's answers: `*`, or origins such as `https://shop.example`. */
export interface Cors {
  /** Headers for any answer to this request. */
  headers(request: IncomingHttpHeaders): ResponseHeaders;
  /** The answer to a preflight request. */
  preflight(request: IncomingHttpHeaders): CollectorResponse;
}

/** @param allowed comma-separated origins, or `*`. */
export function makeCors(allowed: string): Cors {
  const origins = new Set(allowed.split(',').map((origin) => origin.trim().replace(/\/$/, '')));
  const any = origins.has('*');
  const headers = (request: IncomingHttpHeaders): ResponseHeaders => {
    const origin = request.origin;
    if (origin === undefined) return {};
    if (!any && !origins.has(origin)) return { vary: 'Origin' };
    // sendBeacon always asks with credentials, for which a browser does not take `*`.
    return {
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'Retry-After',
      vary: 'Origin',
    };
  };
  return {
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
