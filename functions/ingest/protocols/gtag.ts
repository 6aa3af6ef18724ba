import { cleanText } from '../../../shared/clean-json.ts';
import type { Fields } from '../../../shared/json.ts';
import { jsonResponse } from '../http.ts';
import { compact, definedOrNone, numeric } from '../mapping/coerce.ts';
import { ga4Event } from '../mapping/ga4-event.ts';
import { gtagItem } from '../mapping/gtag-item.ts';
import { utf8Of } from '../parse-json.ts';
import {
  atMost,
  type Decoded,
  type Example,
  type Place,
  type Protocol,
  type ProtocolRequest,
  sharedBytesWithin,
} from './protocol.ts';

/** Parameters of gtag.js by the GA4 parameter they are. */
const PARAMS: Readonly<Record<string, string>> = {
  dl: 'page_location',
  dr: 'page_referrer',
  dt: 'page_title',
  sid: 'session_id',
  cu: 'currency',
  pi: 'promotion_id',
  pn: 'promotion_name',
};
/** Read, or of the transport only; `_uip` is an address that a client can name. */
const READ = new Set(['v', 'tid', 'en', 'cid', 'uid', 'gcs', 'npa', '_uip']);
const ITEM = /^pr\d{1,3}$/;

/**
 * What gtag.js sends from browsers: `/g/collect`, an event in the query, or several in the body, a line each, that share
 * the query's parameters. The measurement id (`tid`) is the write key. Google documents it nowhere; this follows what
 * gtag.js sends. An event has no time of its own: it is the time of receipt.
 */
export const gtag: Protocol = {
  name: 'gtag',
  routes: ['POST /g/collect', 'GET /g/collect'],
  decode,
  answer: () => ({ status: 204, headers: { 'cache-control': 'no-store' }, body: '' }),
  refuse: ({ status, message }) => jsonResponse(status, { error: message }),
  example,
};

/** @throws Refusal 400 or 413. */
function decode(request: ProtocolRequest): Decoded {
  const { query, body } = request;
  const lines = body.length === 0 ? [] : utf8Of(body).split(/\r?\n/);
  const own = atMost(
    lines.filter((line) => line !== ''),
    request,
  ).map((line) => new URLSearchParams(line));
  const shared = [...query];
  sharedBytesWithin(query.toString().length, own, request);
  return {
    events: (own.length > 0 ? own : [new URLSearchParams()]).map((line) => eventOf([...shared, ...line])),
    writeKey: query.get('tid') ?? undefined,
  };
}

/** Later parameters go before earlier ones of the same name. */
function eventOf(parameters: readonly (readonly [string, string])[]): Fields {
  const fields: Record<string, string> = {};
  const params: Record<string, unknown> = {};
  const items: unknown[] = [];
  const traits: Record<string, unknown> = {};
  const context: Record<string, unknown> = {};
  for (const [rawName, rawValue] of parameters) {
    const name = cleanText(rawName);
    const value = cleanText(rawValue);
    const [prefix, rest] = split(name);
    if (rest === '__proto__' || name === '__proto__') continue;
    if (READ.has(name)) fields[name] = value;
    else if (ITEM.test(name)) items.push(gtagItem(value));
    else if (prefix === 'ep') params[rest] = value;
    else if (prefix === 'epn') params[rest] = numeric(value);
    else if (prefix === 'up') traits[rest] = value;
    else if (prefix === 'upn') traits[rest] = numeric(value);
    else if (name === '_et') params.engagement_time_msec = numeric(value);
    else if (Object.hasOwn(PARAMS, name)) params[PARAMS[name] ?? name] = value;
    else context[name] = value;
  }
  return ga4Event({
    name: fields.en,
    params: compact({ ...params, items: items.length > 0 ? items : params.items }),
    clientId: fields.cid,
    userId: fields.uid,
    traits: definedOrNone(traits),
    consent: consentOf(fields),
    stream: fields.tid ?? '',
    context: definedOrNone(context),
  });
}

function split(name: string): readonly [string, string] {
  const at = name.indexOf('.');
  return at < 0 ? ['', name] : [name.slice(0, at), name.slice(at + 1)];
}

/**
 * `gcs=G1<advertising><analytics>`, each 0 or 1 where the page asked; `npa=1`: no personalised advertising, hence no
 * recommendations either.
 */
function consentOf({ gcs = '', npa }: Readonly<Record<string, string>>): Fields | undefined {
  const analytics = /^G1.([01])/.exec(gcs)?.[1];
  return definedOrNone({
    analytics: analytics === undefined ? undefined : analytics === '1',
    personalization: npa === '1' ? false : undefined,
  });
}

function example({ url, writeKey }: Place): Example {
  const shared = { v: '2', tid: writeKey, cid: 'browser-7', dl: 'https://shop.example/' };
  return {
    title: 'Google Analytics 4: gtag.js',
    path: `/g/collect?${new URLSearchParams(shared).toString()}`,
    headers: { 'content-type': 'text/plain' },
    body: 'en=view_item&cu=EUR&pr1=idsku-1~nmTrail%20shoe~pr89.9',
    snippet: `gtag('config', '${writeKey}', { server_container_url: '${url}' });`,
  };
}
