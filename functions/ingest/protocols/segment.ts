import { type Fields, fieldsOf } from '../../../shared/json.ts';
import { type CollectorResponse, jsonResponse, ownUrl, Refusal } from '../http.ts';
import { compact, definedOrNone, firstOf, instant, listOf, textual, without } from '../mapping/coerce.ts';
import { commerceFields } from '../mapping/commerce.ts';
import { SEGMENT_COMMERCE, segmentName } from '../mapping/segment-names.ts';
import { parseJson } from '../parse-json.ts';
import {
  atMost,
  type Decoded,
  type Example,
  type Place,
  type Protocol,
  type ProtocolRequest,
  type ProtocolRequestHead,
  sharedWithin,
} from './protocol.ts';

const TYPES = ['track', 'identify', 'page', 'screen', 'group', 'alias'] as const;
type MessageType = (typeof TYPES)[number];

/** `POST /v1/track` as servers send it, `/v1/t` as browsers do. */
const TYPE_OF_PATH: ReadonlyMap<string, MessageType | 'batch'> = new Map(
  [...TYPES, 'batch' as const].flatMap((type) => [
    [`/v1/${type}`, type] as const,
    [`/v1/${type.charAt(0)}`, type] as const,
  ]),
);

/** Fields of a message that are read, or that tell of its transport only. */
const ENVELOPE = new Set([
  ...['type', 'messageId', 'timestamp', 'originalTimestamp', 'sentAt', 'receivedAt', 'userId', 'anonymousId'],
  ...['previousId', 'groupId', 'event', 'name', 'category', 'properties', 'traits', 'context', 'writeKey'],
  ...['integrations', '_metadata', 'channel', 'version', 'projectId', 'rudderId'],
]);
/** Fields of a context that become fields of the event; its address is not taken, since a client can name any. */
const CONTEXT = new Set(['page', 'traits', 'userAgent', 'ip', 'consent', 'sessionId', 'session_id']);
const NONE: Fields = {};
/** Properties of a page call that become the event's page. */
const PAGE = new Set(['url', 'referrer', 'title', 'name', 'category']);

/**
 * Segment's HTTP API, which RudderStack speaks too. https://segment.com/docs/connections/sources/catalog/libraries/server/http-api/
 * While the events cannot be taken the answer is 429 with Retry-After: Segment's clients wait for it without counting a
 * retry, where a 503 is tried three times and then dropped.
 */
export const segment: Protocol = {
  name: 'segment',
  routes: [...TYPE_OF_PATH.keys()].map((path) => `POST ${path}`),
  decode,
  answer: () => jsonResponse(200, { success: true }),
  refuse: ({ status, message, retryAfterSeconds }) =>
    jsonResponse(retryAfterSeconds === undefined ? status : 429, { success: false, message }),
  document,
  example,
};

/** Takes JSON whatever the content type says: browsers send it as text/plain. @throws Refusal 400 or 413. */
function decode(request: ProtocolRequest): Decoded {
  const { path, body } = request;
  const envelope = fieldsOf(parseJson(body));
  if (!envelope) throw new Refusal(400, 'the body is no object; send {"batch":[{"type":"track", …}, …]}');
  const type = TYPE_OF_PATH.get(path);
  const list = type === 'batch' ? listOf(envelope.batch) : [{ ...envelope, type }];
  if (!list) throw new Refusal(400, 'the body has no list "batch"; send {"batch":[{"type":"track", …}, …]}');
  const messages = atMost(list, request);
  const shared = fieldsOf(envelope.context);
  if (shared) sharedWithin(shared, messages, request);
  const { writeKey } = envelope;
  const sentAt = instant(envelope.sentAt ?? fieldsOf(messages[0])?.sentAt);
  return {
    events: messages.map((message) => eventOf(message, shared)),
    userAgents: messages.map(userAgentOf),
    ...(typeof writeKey === 'string' ? { writeKey } : {}),
    ...(typeof sentAt === 'string' ? { sentAt } : {}),
  };
}

function userAgentOf(message: unknown): string | undefined {
  const agent = fieldsOf(fieldsOf(message)?.context)?.userAgent;
  return typeof agent === 'string' && agent !== '' ? agent : undefined;
}

/** The canonical event of a message; what is no object stays as it is, to be rejected by name. */
function eventOf(value: unknown, shared: Fields | undefined): unknown {
  const message = fieldsOf(value);
  if (!message) return value;
  const own = fieldsOf(message.context);
  const context = shared && own ? { ...shared, ...own } : (own ?? shared ?? NONE);
  const properties = fieldsOf(message.properties) ?? NONE;
  const specific = byType(message, properties);
  return compact({
    ...without(message, ENVELOPE),
    event_id: textual(message.messageId),
    event_time: instant(message.timestamp ?? message.originalTimestamp),
    anonymous_id: textual(message.anonymousId),
    user_id: textual(message.userId),
    session_id: textual(context.sessionId ?? context.session_id),
    page: pageOf(message, properties, fieldsOf(context.page) ?? NONE),
    consent: consentOf(context.consent),
    traits: fieldsOf(context.traits),
    ...specific,
    properties: withContext(fieldsOf(specific.properties), definedOrNone(without(context, CONTEXT))),
  });
}

function withContext(properties: Fields | undefined, context: Fields | undefined): Fields | undefined {
  return context ? { ...properties, context } : properties && definedOrNone(properties);
}

/** What differs between the kinds of message. */
function byType(message: Fields, properties: Fields): Record<string, unknown> {
  const { type, event, traits } = message;
  const naming = {
    name: message.name ?? properties.name,
    category: message.category ?? properties.category,
  };
  switch (type) {
    case 'track': {
      const canonical = segmentName(event);
      if (canonical === undefined) return { event_name: event, properties };
      return { event_name: canonical, ...commerceFields(properties, SEGMENT_COMMERCE) };
    }
    case 'page':
      return { event_name: 'page_view', properties: { ...without(properties, PAGE), ...naming } };
    case 'screen':
      return { event_name: 'page_view', properties: { ...properties, ...naming } };
    case 'identify':
      return { event_name: 'identify', ...(traits === undefined ? {} : { traits }), properties };
    case 'group':
      return {
        event_name: 'group',
        properties: { ...properties, group_id: message.groupId, group_traits: traits },
      };
    case 'alias':
      return {
        event_name: 'alias',
        anonymous_id: textual(message.previousId ?? message.anonymousId),
        properties,
      };
    default:
      return { event_name: event ?? type, properties };
  }
}

function pageOf({ type, name }: Fields, properties: Fields, page: Fields): Fields | undefined {
  const own = type === 'page' ? properties : NONE;
  return definedOrNone({
    url: own.url ?? page.url,
    referrer: own.referrer ?? page.referrer,
    title: own.title ?? page.title ?? (type === 'screen' ? name : undefined),
  });
}

/** https://segment.com/docs/privacy/consent-management/consent-in-segment-connections/ */
function consentOf(value: unknown): Fields | undefined {
  const categories = fieldsOf(fieldsOf(value)?.categoryPreferences);
  if (!categories) return undefined;
  return definedOrNone({
    analytics: firstOf(categories, ['analytics', 'Analytics']),
    personalization: firstOf(categories, ['personalization', 'Personalization']),
  });
}

/**
 * The settings that Segment's tracker for browsers asks its `cdnURL` for: to send here, and nothing else. They are told to
 * anyone, for any key: the key is judged when events come.
 */
function document({ method, path, headers }: ProtocolRequestHead): CollectorResponse | undefined {
  const apiKey = /^\/v1\/projects\/([^/]{1,256})\/settings$/.exec(path)?.[1];
  if (method !== 'GET' || apiKey === undefined) return undefined;
  const { protocol, host } = new URL(ownUrl(headers));
  const settings = { apiKey, apiHost: `${host}/v1`, protocol: protocol.slice(0, -1) };
  return jsonResponse(200, { integrations: { 'Segment.io': settings } });
}

function example({ url, writeKey }: Place): Example {
  const message = {
    type: 'track',
    event: 'Product Viewed',
    anonymousId: 'browser-7',
    properties: { product_id: 'sku-1', name: 'Trail shoe', price: 89.9 },
  };
  return {
    title: 'Segment and RudderStack',
    path: '/v1/batch',
    headers: {
      'content-type': 'application/json',
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
    },
    body: JSON.stringify({ batch: [message] }),
    snippet: `new Analytics({ writeKey: '${writeKey}', host: '${url}' });                   // @segment/analytics-node
new RudderAnalytics('${writeKey}', { dataPlaneUrl: '${url}' });              // @rudderstack/rudder-sdk-node
AnalyticsBrowser.load({ writeKey: '${writeKey}', cdnURL: '${url}' });           // @segment/analytics-next`,
  };
}
