import { WRITE_KEY } from './collector.ts';

/** A request of a protocol, as its clients would make it. */
export interface ProtocolCase {
  readonly protocol: string;
  readonly path: string;
  /** A body of so many sound events, each with an id or a time of its own. */
  readonly body: (events: number) => string;
  /** A body of one sound event and one that fits no schema. */
  readonly partlyBad: string;
  /** A body of one event of some 40 KB. */
  readonly large: string;
  /** Statuses that make its clients keep on, come again later, and give up. */
  readonly success: number;
  readonly again: number;
  readonly tooLarge: number;
}

const BULK = 'x'.repeat(40_000);
const list = <T>(count: number, item: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => item(index));
const json = JSON.stringify;

const snowplow = (data: readonly object[]): string => json({ schema: 'iglu:x', data });
const page = (index: number) => ({ e: 'pv', eid: `snowplow-${index}`, duid: 'a', aid: WRITE_KEY });

/** For each protocol, what the tests of durability and of limits send. */
export const CASES: readonly ProtocolCase[] = [
  {
    protocol: 'native',
    path: '/v1/events',
    body: (count) =>
      json({
        writeKey: WRITE_KEY,
        events: list(count, (index) => ({ event_name: 'x', anonymous_id: 'a', event_id: `native-${index}` })),
      }),
    partlyBad: json({
      writeKey: WRITE_KEY,
      events: [
        { event_name: 'x', anonymous_id: 'a' },
        { event_name: 'x', anonymous_id: 'a', items: 'none' },
      ],
    }),
    large: json({
      writeKey: WRITE_KEY,
      events: [{ event_name: 'x', anonymous_id: 'a', properties: { text: BULK } }],
    }),
    success: 200,
    again: 503,
    tooLarge: 413,
  },
  {
    protocol: 'segment',
    path: '/v1/batch',
    body: (count) =>
      json({
        writeKey: WRITE_KEY,
        batch: list(count, (index) => ({
          type: 'track',
          event: 'x',
          anonymousId: 'a',
          messageId: `segment-${index}`,
        })),
      }),
    partlyBad: json({
      writeKey: WRITE_KEY,
      batch: [
        { type: 'track', event: 'x', anonymousId: 'a' },
        { type: 'track', event: 'Order Completed', anonymousId: 'a', properties: { products: 'none' } },
      ],
    }),
    large: json({
      writeKey: WRITE_KEY,
      batch: [{ type: 'track', event: 'x', anonymousId: 'a', properties: { text: BULK } }],
    }),
    success: 200,
    again: 429,
    tooLarge: 413,
  },
  {
    protocol: 'snowplow',
    path: '/com.snowplowanalytics.snowplow/tp2',
    body: (count) => snowplow(list(count, page)),
    partlyBad: snowplow([
      { e: 'pv', duid: 'a', aid: WRITE_KEY },
      { e: 'ue', duid: 'a', ue_px: 'none' },
    ]),
    large: snowplow([{ ...page(0), url: BULK }]),
    success: 200,
    again: 503,
    tooLarge: 400,
  },
  {
    protocol: 'ga4',
    path: `/mp/collect?measurement_id=G-1&api_secret=${WRITE_KEY}`,
    body: (count) =>
      json({
        client_id: 'a',
        events: list(count, (index) => ({ name: 'purchase', params: { transaction_id: `e${index}` } })),
      }),
    partlyBad: json({ client_id: 'a', events: [{ name: 'x' }, { name: 'x', params: { items: 'none' } }] }),
    large: json({ client_id: 'a', events: [{ name: 'x', params: { text: BULK } }] }),
    success: 204,
    again: 503,
    tooLarge: 413,
  },
  {
    protocol: 'gtag',
    path: `/g/collect?v=2&cid=a&tid=${WRITE_KEY}`,
    body: (count) => list(count, (index) => `en=purchase&ep.transaction_id=e${index}`).join('\r\n'),
    partlyBad: 'en=x\r\nen=x&epn.value=none',
    large: `en=x&ep.text=${BULK}`,
    success: 204,
    again: 503,
    tooLarge: 413,
  },
];
