import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FailedEvent, NativeEvent, RawEvent } from '../../../shared/events.ts';
import { makeFailedEvent } from '../../../shared/failed-event.ts';
import { TOPICS } from '../../../shared/pipeline.ts';
import { Refusal } from '../http.ts';
import { judgeEvents, type Verdict } from '../judge-events.ts';
import { native as nativeProtocol } from './native.ts';
import type { Decoded, Protocol, ProtocolRequest } from './protocol.ts';
import { PROTOCOLS } from './protocols.ts';

const collector = { received_at: '2026-11-21T00:00:00.000Z', protocol: 'x', origin: 'live' as const };

/** Text as clients should not send it: lone surrogates, NUL, line ends, names of prototypes, other encodings' marks. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('__proto__', 'constructor', '\r\nX-Injected: 1', '\0', '\uD800', '~~~', 'k0~v0', '', 'EUR'),
);
/** Stands for a list within lists, deeper than the stack, which JSON.stringify could not write. */
const DEEP = 'a list of 10,000 levels';
const DEEP_JSON = '['.repeat(10_000) + ']'.repeat(10_000);
const jsonOf = (each: unknown): string =>
  (JSON.stringify(each) ?? '').replaceAll(JSON.stringify(DEEP), DEEP_JSON);
/** Values of any kind, those that cannot become text among them; of lists too deep few, since they take long to parse. */
const value = fc.oneof(
  { weight: 15, arbitrary: text },
  { weight: 15, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  {
    weight: 10,
    arbitrary: fc.constantFrom<unknown>({ toString: 1 }, { valueOf: 1, toString: null }, [{ toString: 1 }]),
  },
  { weight: 1, arbitrary: fc.constant(DEEP) },
  {
    weight: 15,
    arbitrary: fc.constantFrom<unknown>(
      ...[null, -0, 1e308, -1e-320, 1e21],
      ...['1e999', '-1', 'NaN', '9007199254740993', '1700000000000'],
    ),
  },
);
/** An object of some of the names, with any values, and of any other. */
const fields = (names: readonly string[], own: Readonly<Record<string, fc.Arbitrary<unknown>>> = {}) =>
  fc
    .tuple(
      fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] }),
      fc.record(own, { requiredKeys: [] }),
      fc.dictionary(text, value, { maxKeys: 2 }),
    )
    .map(([a, b, c]) => ({ ...c, ...a, ...b }));

const product = fields(['item_id', 'product_id', 'id', 'name', 'price', 'quantity', 'position', 'currency']);
const commerce = fields(
  ['value', 'revenue', 'currency', 'order_id', 'transaction_id', 'query', 'product_id'],
  {
    items: fc.oneof(fc.array(product, { maxLength: 3 }), value),
    products: fc.oneof(fc.array(product, { maxLength: 3 }), value),
  },
);
const name = fc.oneof(fc.constantFrom('view_item', 'Product Added', 'purchase', 'x'), value);

const native = fields(['event_id', 'event_time', 'user_id', 'session_id', 'page', 'consent', 'traits'], {
  event_name: name,
  anonymous_id: fc.oneof(fc.constant('a'), value),
  items: fc.oneof(fc.array(product, { maxLength: 3 }), value),
  properties: fc.oneof(commerce, value, fc.jsonValue({ maxDepth: 12 })),
});
const message = fields(['messageId', 'timestamp', 'userId', 'traits', 'groupId', 'previousId', 'name'], {
  type: fc.oneof(fc.constantFrom('track', 'page', 'screen', 'identify', 'group', 'alias'), value),
  event: name,
  anonymousId: fc.oneof(fc.constant('a'), value),
  properties: fc.oneof(commerce, value),
  context: fields(['page', 'traits', 'userAgent', 'consent', 'sessionId']),
});
const entity = fc.oneof(
  value,
  fc.record({
    schema: fc.constantFrom(
      'iglu:com.snowplowanalytics.snowplow.ecommerce/product/jsonschema/1-0-0',
      'iglu:com.snowplowanalytics.snowplow.ecommerce/snowplow_ecommerce_action/jsonschema/1-0-2',
      'iglu:com.snowplowanalytics.snowplow.ecommerce/transaction/jsonschema/1-0-0',
      'iglu:com.google.analytics.enhanced-ecommerce/action/jsonschema/1-0-0',
      'iglu:com.snowplowanalytics.snowplow/site_search/jsonschema/1-0-0',
      'iglu:com.snowplowanalytics.snowplow/add_to_cart/jsonschema/1-0-0',
      'iglu:com.snowplowanalytics.snowplow/client_session/jsonschema/1-0-2',
      'iglu:x/__proto__/jsonschema/1-0-0',
    ),
    data: fc.oneof(
      fields(['type', 'action', 'terms', 'id', 'sku', 'price', 'revenue', 'currency', 'userId', 'step']),
      value,
    ),
  }),
);
const embedded = (data: fc.Arbitrary<unknown>) =>
  data.map((each) => Buffer.from(jsonOf({ schema: 'iglu:x', data: each })).toString('base64url'));
const payload = fields(
  ['eid', 'dtm', 'ttm', 'uid', 'sid', 'url', 'page', 'se_ac', 'se_va', 'tr_id', 'ti_sk', 'tr_tt'],
  {
    e: fc.oneof(fc.constantFrom('pv', 'pp', 'se', 'tr', 'ti', 'ue', '__proto__', 'toString'), value),
    duid: fc.oneof(fc.constant('d'), value),
    ue_px: fc.oneof(embedded(entity), value),
    cx: fc.oneof(embedded(fc.array(entity, { maxLength: 4 })), value),
  },
);
const ga4Event = fields(['timestamp_micros'], { name, params: fc.oneof(commerce, value) });
const hit = fc
  .array(
    fc.tuple(
      fc.oneof(
        fc.constantFrom(
          'en',
          'cid',
          'uid',
          'dl',
          'cu',
          'pr1',
          'pr2',
          'gcs',
          'ep.a',
          'epn.value',
          'up.__proto__',
        ),
        text,
      ),
      fc.oneof(fc.constantFrom('idsku~nmShoe~pr1', 'view_item', 'c.1'), text),
    ),
    { maxLength: 8 },
  )
  .map((pairs) => pairs.map(([key, said]) => `${enc(key)}=${enc(said)}`).join('&'));

function enc(said: string): string {
  return encodeURIComponent(said.toWellFormed());
}

const json = (route: string, body: fc.Arbitrary<unknown>) =>
  body.map((each) => requestOf(route, Buffer.from(jsonOf(each))));
const list = (item: fc.Arbitrary<unknown>) =>
  fc.array(fc.oneof({ weight: 6, arbitrary: item }, value), { maxLength: 4 });
/** A list under a name, among what a request tells of all that is in it. */
const enveloped = (
  under: string,
  items: fc.Arbitrary<unknown>,
  names: readonly string[],
  own: Readonly<Record<string, fc.Arbitrary<unknown>>> = {},
) =>
  fc
    .tuple(fields(names, own), items)
    .map(([envelope, each]) => ({ client_id: 'c', ...envelope, [under]: each }));

/** For each protocol, requests near to those that it takes. */
const REQUESTS: Readonly<Record<string, fc.Arbitrary<ProtocolRequest>>> = {
  native: json('POST /v1/events', enveloped('events', list(native), ['writeKey', 'sent_at'])),
  segment: json('POST /v1/batch', enveloped('batch', list(message), ['writeKey', 'sentAt', 'context'])),
  snowplow: json('POST /com.snowplowanalytics.snowplow/tp2', enveloped('data', list(payload), ['schema'])),
  ga4: json(
    'POST /mp/collect',
    enveloped('events', list(ga4Event), [
      ...['client_id', 'user_id', 'consent', 'user_properties', 'user_data', 'timestamp_micros'],
      'user_agent',
    ]),
  ),
  gtag: fc
    .tuple(hit, fc.array(hit, { maxLength: 3 }))
    .map(([query, lines]) => requestOf('POST /g/collect', Buffer.from(lines.join('\r\n')), query)),
};

function requestOf(route: string, body: Buffer, query = ''): ProtocolRequest {
  const [method = '', path = ''] = route.split(' ');
  return {
    method,
    path,
    query: new URLSearchParams(query),
    headers: {},
    body,
    maxEvents: 100,
    maxBytes: 100_000,
  };
}

/** Undefined where the request is refused for good; whatever else decoding throws, it has no business to. */
function decodedOrRefused(protocol: Protocol, request: ProtocolRequest): Decoded | undefined {
  try {
    return protocol.decode(request);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    expect([400, 413, 415]).toContain(error.status);
    expect(error.retryAfterSeconds).toBeUndefined();
    return undefined;
  }
}

describe.each(PROTOCOLS)('$name', (protocol) => {
  test('any bytes and any query are decoded or refused', () => {
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each)),
      fc.json().map((each) => Buffer.from(each)),
    );
    fc.assert(
      fc.property(fc.constantFrom(...protocol.routes), body, fc.oneof(text, hit), (route, bytes, query) => {
        const decoded = decodedOrRefused(protocol, requestOf(route, bytes, query));
        expect(decoded === undefined || Array.isArray(decoded.events)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('nothing but a refusal is thrown: every event is accepted or rejected, fits its topic, and has the same id when sent again', () => {
    const requests = REQUESTS[protocol.name];
    if (!requests) throw new Error(`there is no request to try for ${protocol.name}`);
    fc.assert(
      fc.property(requests, (request) => {
        const judged = (): readonly Verdict[] => {
          const decoded = decodedOrRefused(protocol, request);
          if (!decoded) return [];
          const { events, faults } = decoded;
          return judgeEvents(events, { scope: 'k', collector, faults, totalBytes: request.body.length });
        };
        const ids = judged().map((verdict) => {
          if (verdict.status === 'rejected') {
            const failed = makeFailedEvent(
              { name: 'ingest', version: '1' },
              { ...verdict, replayTopic: TOPICS.inbox },
              0,
            );
            expect(FailedEvent.safeParse(failed).success).toBe(true);
            return failed.event_id;
          }
          const wire = JSON.stringify(verdict.event);
          expect(RawEvent.safeParse(JSON.parse(wire)).success).toBe(true);
          expect(wire.isWellFormed() && !wire.includes('\\u0000')).toBe(true);
          return verdict.event.event_id;
        });
        // The collector gives who names nobody a new id: a pixel's visitor is known by the cookie alone.
        if (protocol.name !== 'snowplow') {
          expect(
            judged().map((verdict) =>
              verdict.status === 'accepted' ? verdict.event.event_id : verdict.eventId,
            ),
          ).toEqual(ids);
        }
        expect({}).not.toHaveProperty('polluted');
      }),
      { numRuns: 200 },
    );
  });
});

test('what validation passes has no polluted prototype', () => {
  const body = Buffer.from(
    '{"events":[{"event_name":"x","anonymous_id":"a","__proto__":{"polluted":1},"properties":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}]}',
  );
  const [parsed] = nativeProtocol.decode(requestOf('POST /v1/events', body)).events;
  expect(NativeEvent.safeParse(parsed).success).toBe(true);
  expect(Object.getPrototypeOf(parsed)).toBe(Object.prototype);
  expect({}).not.toHaveProperty('polluted');
});
