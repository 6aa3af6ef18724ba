import { type CollectorRequest, type CollectorResponse, ownUrl } from '../http.ts';
import type { Protocol } from '../protocols/protocol.ts';
import type { Observer } from './observer.ts';
import { renderPage } from './page.ts';

/** What helps a developer on a machine of their own, and is not there in production. */
export interface Development {
  /** `GET /`, a page with requests to copy; `GET /debug/events`, what was decoded as it comes. Else undefined. */
  respond(request: CollectorRequest): CollectorResponse | undefined;
  readonly observer: Pick<Observer, 'tell'>;
}

export interface DevelopmentOptions {
  readonly protocols: readonly Protocol[];
  /** Shown in the examples. */
  readonly writeKey: string;
  readonly observer: Observer;
}

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; base-uri 'none'";

export function makeDevelopment({ protocols, writeKey, observer }: DevelopmentOptions): Development {
  return {
    observer,
    respond(request) {
      if (request.method !== 'GET') return undefined;
      if (request.path === '/') {
        const place = { url: ownUrl(request.headers), writeKey };
        return {
          status: 200,
          headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY },
          body: renderPage(
            protocols.map((protocol) => protocol.example(place)),
            place.url,
          ),
        };
      }
      if (request.path !== '/debug/events') return undefined;
      return {
        status: 200,
        headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' },
        body: '',
        stream: observer.watch(),
      };
    },
  };
}
