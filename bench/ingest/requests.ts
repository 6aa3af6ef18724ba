/** A request as autocannon takes it. */
export interface IngestRequest {
  readonly method: 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}

export const WRITE_KEY = 'k1';
const HEADERS = { 'content-type': 'application/json', 'x-write-key': WRITE_KEY };
const BASIC = `Basic ${Buffer.from(`${WRITE_KEY}:`).toString('base64')}`;
const AT = '2026-11-21T09:30:00.000Z';
const idOf = (index: number): string => `6f1cd1a8-3e0c-4f0f-9a50-${String(index).padStart(12, '0')}`;
const VISITOR = 'b0e3d5c4-7b1a-4c1e-9a53-1f2e3d4c5b6a';
const PAGE = {
  url: 'https://shop.example/shoes/trail?utm_source=news',
  referrer: 'https://news.example/',
  title: 'Trail shoe',
};

/** What is sent, of how many events, and what share of a bare handler's rate ingest should reach. */
export const REQUESTS = [
  { name: 'single events', events: 1, aim: 0.7, request: native(1) },
  { name: 'batches of 20', events: 20, aim: 0.8, request: native(20) },
  { name: 'Segment batches of 20', events: 20, aim: 0.8, request: segment(20) },
] as const;

function native(events: number): IngestRequest {
  const body = JSON.stringify({ events: Array.from({ length: events }, (_, index) => eventOf(index)) });
  return { method: 'POST', path: '/v1/events', headers: HEADERS, body };
}

/** As @segment/analytics-node sends them. */
function segment(events: number): IngestRequest {
  const batch = Array.from({ length: events }, (_, index) => trackOf(index));
  return {
    method: 'POST',
    path: '/v1/batch',
    headers: { 'content-type': 'application/json', authorization: BASIC },
    body: JSON.stringify({ batch, sentAt: AT }),
  };
}

/** An event as a shop's page sends it. */
function eventOf(index: number): object {
  const sku = `sku-${index}`;
  return {
    event_id: idOf(index),
    event_time: AT,
    event_name: 'view_item',
    anonymous_id: VISITOR,
    session_id: 's-1732181400',
    page: PAGE,
    items: [{ item_id: sku, item_name: 'Trail shoe', item_category: 'Shoes', price: 89.9, quantity: 1 }],
    currency: 'EUR',
    properties: { colour: 'red', in_sale: true },
  };
}

function trackOf(index: number): object {
  const sku = `sku-${index}`;
  return {
    type: 'track',
    event: 'Product Viewed',
    messageId: `node-next-1732181400-${idOf(index)}`,
    timestamp: AT,
    anonymousId: VISITOR,
    properties: {
      ...{ product_id: sku, sku, name: 'Trail shoe', category: 'Shoes', price: 89.9, quantity: 1 },
      ...{ currency: 'EUR', colour: 'red', in_sale: true },
    },
    context: { page: PAGE, library: { name: '@segment/analytics-node', version: '3.1.0' } },
    integrations: {},
    _metadata: { nodeVersion: '24.0.0', jsRuntime: 'node' },
  };
}
