import { type Fields, fieldsOf } from '../../../shared/json.ts';
import { type CollectorResponse, jsonResponse, Refusal } from '../http.ts';
import { definedOrNone, listOf, without } from '../mapping/coerce.ts';
import { ga4Event } from '../mapping/ga4-event.ts';
import { parseJson } from '../parse-json.ts';
import {
  atMost,
  type Decoded,
  type Example,
  type Outcome,
  type Place,
  type Protocol,
  type ProtocolRequest,
  sharedWithin,
} from './protocol.ts';

const DEBUG_PATH = '/debug/mp/collect';
const FORM = 'send {"client_id":"…","events":[{"name":"view_item","params":{…}}]}';
/** Fields that are read; an address is not taken, since a client can name any. */
const READ = new Set([
  ...[
    'client_id',
    'app_instance_id',
    'user_id',
    'timestamp_micros',
    'user_properties',
    'user_data',
    'consent',
  ],
  ...['non_personalized_ads', 'events', 'ip_override', 'user_agent', 'validation_behavior'],
]);

/**
 * Google Analytics 4's Measurement Protocol, and its validation server's path, which judges events and keeps none. The
 * `api_secret` is the write key. https://developers.google.com/analytics/devguides/collection/protocol/ga4/reference
 */
export const ga4: Protocol = {
  name: 'ga4',
  routes: ['POST /mp/collect', `POST ${DEBUG_PATH}`],
  decode,
  answer(outcomes, { path }) {
    if (path !== DEBUG_PATH) return { status: 204, headers: { 'cache-control': 'no-store' }, body: '' };
    return jsonResponse(200, { validationMessages: outcomes.flatMap(messageOf) });
  },
  refuse,
  example,
};

/** @throws Refusal 400 or 413. */
function decode(request: ProtocolRequest): Decoded {
  const { path, query, body } = request;
  const payload = fieldsOf(parseJson(body));
  const list = listOf(payload?.events);
  if (!payload || !list) throw new Refusal(400, `the body has no list "events"; ${FORM}`);
  const stream = query.get('measurement_id') ?? query.get('firebase_app_id') ?? '';
  const shared = {
    clientId: payload.client_id ?? payload.app_instance_id,
    userId: payload.user_id,
    traits: traitsOf(payload),
    consent: consentOf(payload),
    stream,
    context: definedOrNone(without(payload, READ)),
  };
  sharedWithin(shared, atMost(list, request), request);
  const events = list.map((value) => {
    const event = fieldsOf(value);
    if (!event) return value;
    const { name, params, timestamp_micros: own, ...others } = event;
    const timestampMicros = own ?? payload.timestamp_micros;
    return { ...others, ...ga4Event({ ...shared, name, params, timestampMicros }) };
  });
  const agent = payload.user_agent;
  return {
    events,
    writeKey: query.get('api_secret') ?? undefined,
    validateOnly: path === DEBUG_PATH,
    ...(typeof agent === 'string' ? { userAgents: events.map(() => agent) } : {}),
  };
}

/** User properties without their wrapping `{"value":…}`. */
function traitsOf({ user_properties: properties, user_data: data }: Fields): Fields | undefined {
  const traits = Object.entries(fieldsOf(properties) ?? {}).map(([name, value]) => {
    const wrapped = fieldsOf(value);
    return [name, wrapped && 'value' in wrapped ? wrapped.value : value] as const;
  });
  return definedOrNone({ ...Object.fromEntries(traits), user_data: data });
}

/** A visitor who denies personalised advertising is not made recommendations either. */
function consentOf({ consent, non_personalized_ads: plain }: Fields): Fields | undefined {
  const said = fieldsOf(consent)?.ad_personalization;
  if (said === 'DENIED' || plain === true) return { personalization: false };
  return said === 'GRANTED' ? { personalization: true } : undefined;
}

interface ValidationMessage {
  readonly fieldPath: string;
  readonly description: string;
  readonly validationCode: string;
}

/** https://developers.google.com/analytics/devguides/collection/protocol/ga4/validating-events */
function messageOf(outcome: Outcome, index: number): readonly ValidationMessage[] {
  if (outcome.status === 'accepted') return [];
  const { path, message: description } = outcome;
  const event = `events[${index}]`;
  if (path === 'anonymous_id') {
    return [{ fieldPath: 'client_id', description, validationCode: 'VALUE_REQUIRED' }];
  }
  return path === 'event_name'
    ? [{ fieldPath: `${event}.name`, description, validationCode: 'NAME_INVALID' }]
    : [{ fieldPath: path ? `${event}.params.${path}` : event, description, validationCode: 'VALUE_INVALID' }];
}

function refuse({ status, message }: Refusal, { path }: { readonly path: string }): CollectorResponse {
  const description = { fieldPath: '', description: message, validationCode: 'VALUE_INVALID' };
  return jsonResponse(
    status,
    path === DEBUG_PATH ? { validationMessages: [description] } : { error: message },
  );
}

function example({ url, writeKey }: Place): Example {
  const params = { items: [{ item_id: 'sku-1', item_name: 'Trail shoe', price: 89.9 }] };
  const path = `/mp/collect?measurement_id=G-XXXXXXX&api_secret=${encodeURIComponent(writeKey)}`;
  return {
    title: 'Google Analytics 4: Measurement Protocol',
    path,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: 'browser-7', events: [{ name: 'view_item', params }] }),
    snippet: `fetch('${url}${path}', { method: 'POST', body });
fetch('${url}/debug${path}', { method: 'POST', body }); // only judged: {"validationMessages":[]}`,
  };
}
