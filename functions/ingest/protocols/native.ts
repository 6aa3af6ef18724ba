import { type CollectorResponse, jsonResponse, Refusal } from '../http.ts';
import { parseJson } from '../parse-json.ts';
import {
  atMost,
  type Decoded,
  type Example,
  type Outcome,
  type Place,
  type Protocol,
  type ProtocolRequest,
} from './protocol.ts';

const FORM = 'send {"events":[{"event_name":"view_item","anonymous_id":"…"}, …]}';

/** The collector's own protocol: `POST /v1/events` with `{"events":[NativeEvent, …]}`, or one event alone. */
export const native: Protocol = {
  name: 'native',
  routes: ['POST /v1/events'],
  decode,
  answer,
  refuse,
  example,
};

/**
 * Takes JSON as `application/json`, or as `text/plain`: that is what `navigator.sendBeacon` can send across origins.
 * @throws Refusal 400, 413 or 415.
 */
function decode(request: ProtocolRequest): Decoded {
  const { headers, body } = request;
  const type = headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase();
  if (type && type !== 'application/json' && type !== 'text/plain') {
    throw new Refusal(415, `Content-Type is ${JSON.stringify(type)}; send application/json or text/plain`);
  }
  const value = parseJson(body);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new Refusal(400, `the body is ${Array.isArray(value) ? 'a list' : 'no object'}; ${FORM}`);
  }
  const { events, writeKey, sent_at: sentAt, ...rest } = value as Record<string, unknown>;
  const envelope = {
    ...(typeof writeKey === 'string' ? { writeKey } : {}),
    ...(typeof sentAt === 'string' ? { sentAt } : {}),
  };
  if (Array.isArray(events)) return { events: atMost(events, request), ...envelope };
  if (events !== undefined) throw new Refusal(400, `"events" is not a list; ${FORM}`);
  if (!('event_name' in rest)) throw new Refusal(400, `the body has no "events"; ${FORM}`);
  return { events: [rest], ...envelope };
}

function answer(outcomes: readonly Outcome[]): CollectorResponse {
  let accepted = 0;
  const events = outcomes.map((outcome, index) => {
    const { status } = outcome;
    if (status === 'rejected') return { index, status, path: outcome.path, message: outcome.message };
    accepted += 1;
    return { index, status, event_id: outcome.event_id };
  });
  return jsonResponse(200, { accepted, rejected: outcomes.length - accepted, events });
}

function refuse(refusal: Refusal): CollectorResponse {
  return jsonResponse(refusal.status, { error: refusal.message });
}

function example({ url, writeKey }: Place): Example {
  const event = {
    event_name: 'view_item',
    anonymous_id: 'browser-7',
    items: [{ item_id: 'sku-1', item_name: 'Trail shoe', price: 89.9 }],
  };
  return {
    title: 'nextclick',
    path: '/v1/events',
    headers: { 'content-type': 'application/json', 'x-write-key': writeKey },
    body: JSON.stringify({ events: [event] }),
    snippet: `navigator.sendBeacon('${url}/v1/events', JSON.stringify({
  writeKey: '${writeKey}',
  events: [{ event_id: crypto.randomUUID(), event_name: 'view_item', anonymous_id, items: [{ item_id: 'sku-1' }] }],
}));`,
  };
}
