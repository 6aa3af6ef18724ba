import { randomUUID } from 'node:crypto';
import { cleanText } from '../../../shared/clean-json.ts';
import { type Fields, fieldsOf } from '../../../shared/json.ts';
import { type CollectorResponse, jsonResponse, Refusal } from '../http.ts';
import { instant, listOf, without } from '../mapping/coerce.ts';
import { snowplowEvent, Unreadable } from '../mapping/snowplow-event.ts';
import { parseJson } from '../parse-json.ts';
import {
  atMost,
  type Decoded,
  type Example,
  type Fault,
  type Place,
  type Protocol,
  type ProtocolRequest,
  type ProtocolRequestHead,
} from './protocol.ts';

const POST_PATH = '/com.snowplowanalytics.snowplow/tp2';
const FORM = 'send {"schema":"iglu:com.snowplowanalytics.snowplow/payload_data/…","data":[{"e":"pv", …}, …]}';
/** A transparent picture of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
/** Ids that `SP-Anonymous` asks not to take; the tracker's own it leaves out itself. */
const NETWORK_IDS = new Set(['nuid', 'tnuid']);
const COOKIE_SECONDS = 365 * 86_400;

/**
 * Snowplow's tracker protocol: `POST …/tp2` and `GET /i`. The tracker's application id (`aid`) is its write key, unless a
 * header carries one. https://docs.snowplow.io/docs/events/going-deeper/http-requests/
 */
export const snowplow: Protocol = {
  name: 'snowplow',
  routes: [`POST ${POST_PATH}`, 'GET /i'],
  decode: (request) => decode(request, randomUUID),
  answer,
  refuse,
  example,
};

/** @throws Refusal 400 or 413. */
function decode(request: ProtocolRequest, newId: () => string): Decoded {
  const payloads = request.method === 'GET' ? [parametersOf(request.query)] : payloadsOf(request);
  const anonymous = request.headers['sp-anonymous'] !== undefined;
  const visitor = anonymous ? undefined : networkId(request, payloads, newId);
  const faults = new Map<number, Fault>();
  const events = payloads.map((payload, index) => {
    const fields = fieldsOf(payload);
    if (!fields) return payload;
    try {
      return withVisitor(snowplowEvent(anonymous ? without(fields, NETWORK_IDS) : fields), visitor);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      faults.set(index, { path: error.path, message: `${error.path}: ${error.message}` });
      return payload;
    }
  });
  const first = fieldsOf(payloads[0]) ?? {};
  return {
    events,
    faults,
    userAgents: payloads.map((payload) => textOf(fieldsOf(payload)?.ua)),
    writeKey: textOf(first.aid),
    sentAt: sentAt(payloads),
    withoutAddress: anonymous,
    ...(visitor === undefined ? {} : { answerHeaders: { 'set-cookie': cookieOf(visitor) } }),
  };
}

function payloadsOf(request: ProtocolRequest): readonly unknown[] {
  const data = listOf(fieldsOf(parseJson(request.body))?.data);
  if (!data) throw new Refusal(400, `the body has no list "data"; ${FORM}`);
  return atMost(data, request);
}

function parametersOf(query: URLSearchParams): Fields {
  const parameters: Record<string, string> = {};
  for (const [name, value] of query) if (name !== '__proto__') parameters[cleanText(name)] = cleanText(value);
  if (Object.keys(parameters).length === 0) throw new Refusal(400, 'the query is empty; send /i?e=pv&…');
  return parameters;
}

/** When the tracker sent the request; a true timestamp among the events is by another clock than the device's. */
function sentAt(payloads: readonly unknown[]): string | undefined {
  const fields = payloads.map((payload) => fieldsOf(payload) ?? {});
  const sent = instant(fields[0]?.stm);
  return typeof sent === 'string' && fields.every(({ ttm }) => ttm === undefined) ? sent : undefined;
}

/**
 * The id in the collector's cookie, for events without an id of their own, such as those of pixels in mails: visitors
 * whose tracker names them get no cookie (docs/decisions/0052).
 */
function networkId(
  { headers }: ProtocolRequestHead,
  payloads: readonly unknown[],
  newId: () => string,
): string | undefined {
  const named = payloads.every((payload) => {
    const { duid, uid, nuid, tnuid } = fieldsOf(payload) ?? {};
    return duid ?? uid ?? nuid ?? tnuid;
  });
  if (named) return undefined;
  const cookie = /(?:^|;\s*)sp=([0-9A-Fa-f-]{36})(?:;|$)/.exec(headers.cookie ?? '');
  return cookie?.[1] ?? newId();
}

/**
 * An event that names nobody is the network's visitor. Where the client asks for anonymity it is one session, or itself
 * alone, and enters no profile.
 */
function withVisitor(event: Fields, visitor: string | undefined): Fields {
  if (event.anonymous_id !== undefined || event.user_id !== undefined) return event;
  if (visitor !== undefined) return { ...event, anonymous_id: visitor };
  const alone = event.session_id ?? event.event_id;
  return alone === undefined ? event : { ...event, anonymous_id: alone, consent: { personalization: false } };
}

function cookieOf(visitor: string): string {
  return `sp=${visitor}; Max-Age=${COOKIE_SECONDS}; Path=/; Secure; HttpOnly; SameSite=None`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function answer(_outcomes: unknown, { method }: ProtocolRequestHead): CollectorResponse {
  return method === 'GET'
    ? {
        status: 200,
        headers: { 'content-type': 'image/gif', 'cache-control': 'no-cache, no-store, must-revalidate' },
        body: PIXEL,
      }
    : { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'ok' };
}

/** Trackers give up at 400, 401, 403, 410 and 422 only: what cannot succeed is 400, also where it is too large. */
function refuse({ status, message, retryAfterSeconds }: Refusal): CollectorResponse {
  const final = retryAfterSeconds === undefined && status !== 401 && status !== 403 && status !== 408;
  return jsonResponse(final ? 400 : status, { error: message });
}

function example({ url, writeKey }: Place): Example {
  const data = [{ e: 'pv', duid: 'browser-7', aid: writeKey, url: 'https://shop.example/', page: 'Shop' }];
  const schema = 'iglu:com.snowplowanalytics.snowplow/payload_data/jsonschema/1-0-4';
  return {
    title: 'Snowplow',
    path: POST_PATH,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({ schema, data }),
    snippet: `newTracker('shop', '${url}', { appId: '${writeKey}' });                       // @snowplow/browser-tracker
newTracker({ namespace: 'shop', appId: '${writeKey}' }, { endpoint: '${url}' }); // @snowplow/node-tracker
<img src="${url}/i?e=pv&aid=${writeKey}">                                     <!-- a pixel -->`,
  };
}
