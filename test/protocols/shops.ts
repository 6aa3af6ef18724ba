import RudderAnalytics from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { buildPageView, buildSelfDescribingEvent, newTracker } from '@snowplow/node-tracker';
import { JOURNEY, type JourneyEvent } from './journey.ts';
import { SEGMENT_TRACKS } from './segment-journey.ts';
import { SNOWPLOW_EVENTS } from './snowplow-journey.ts';

/** Where a shop sends. */
export interface Collector {
  readonly url: string;
  readonly writeKey: string;
}
export interface Shopper {
  readonly anonymous_id: string;
  readonly user_id: string;
}

/** A shop with one of the trackers, whose shopper walks the journey. */
export interface Shop {
  readonly name: string;
  /** What `collector.protocol` says. */
  readonly protocol: string;
  /** Sends the journey in order; resolves when the client has handed it over. */
  walk(collector: Collector, shopper: Shopper): Promise<void>;
}

/** Every protocol, by its own client where it has one on npm, else by the requests that it documents. */
export const SHOPS: readonly Shop[] = [
  { name: 'native', protocol: 'native', walk: native },
  { name: '@segment/analytics-node', protocol: 'segment', walk: segment },
  { name: '@rudderstack/rudder-sdk-node', protocol: 'segment', walk: rudderStack },
  { name: '@snowplow/node-tracker', protocol: 'snowplow', walk: snowplow },
  { name: "GA4's Measurement Protocol", protocol: 'ga4', walk: measurementProtocol },
  { name: "gtag.js's requests", protocol: 'gtag', walk: gtag },
];

async function native({ url, writeKey }: Collector, shopper: Shopper): Promise<void> {
  const events = JOURNEY.map((event) => ({ ...event, ...shopper }));
  await post(`${url}/v1/events`, JSON.stringify({ events }), { 'x-write-key': writeKey });
}

async function segment({ url, writeKey }: Collector, shopper: Shopper): Promise<void> {
  const analytics = new Analytics({ writeKey, host: url });
  const who = { anonymousId: shopper.anonymous_id, userId: shopper.user_id };
  analytics.page(who);
  for (const track of SEGMENT_TRACKS) analytics.track({ ...who, ...track });
  await analytics.closeAndFlush();
}

async function rudderStack({ url, writeKey }: Collector, shopper: Shopper): Promise<void> {
  const analytics = new RudderAnalytics(writeKey, { dataPlaneUrl: url, flushAt: 50, logLevel: 'none' });
  const who = { anonymousId: shopper.anonymous_id, userId: shopper.user_id };
  analytics.page({ ...who, name: 'Home' });
  for (const track of SEGMENT_TRACKS) analytics.track({ ...who, ...track });
  await analytics.flush();
}

async function snowplow({ url, writeKey }: Collector, shopper: Shopper): Promise<void> {
  const tracker = newTracker({ namespace: 'shop', appId: writeKey }, { endpoint: url, bufferSize: 50 });
  tracker.setUserId(shopper.user_id);
  tracker.setDomainUserId(shopper.anonymous_id);
  tracker.track(buildPageView({ pageUrl: 'https://shop.example/' }));
  for (const { event, context } of SNOWPLOW_EVENTS) {
    tracker.track(buildSelfDescribingEvent({ event }), context);
  }
  await tracker.flush();
}

async function measurementProtocol({ url, writeKey }: Collector, shopper: Shopper): Promise<void> {
  const query = new URLSearchParams({ measurement_id: 'G-SERVER', api_secret: writeKey });
  const events = JOURNEY.map(({ event_name: name, ...params }) => ({ name, params }));
  const body = JSON.stringify({ client_id: shopper.anonymous_id, user_id: shopper.user_id, events });
  await post(`${url}/mp/collect?${query.toString()}`, body);
}

/** The first event in the query, the others in the body, as gtag.js batches what it holds. */
async function gtag({ url, writeKey }: Collector, shopper: Shopper): Promise<void> {
  const shared = { v: '2', tid: writeKey, cid: shopper.anonymous_id, uid: shopper.user_id };
  const [first, ...others] = JOURNEY.map((event) => new URLSearchParams(gtagParameters(event)));
  const query = new URLSearchParams(shared).toString();
  await post(`${url}/g/collect?${query}&${first?.toString()}`, '');
  await post(`${url}/g/collect?${query}`, others.map(String).join('\r\n'));
}

function gtagParameters(event: JourneyEvent): Record<string, string> {
  const items = (event.items ?? []).map((item, index) => [
    `pr${index + 1}`,
    `id${item.item_id}~nm${item.item_name}~br${item.item_brand}~ca${item.item_category}~va${item.item_variant}~pr${item.price}~qt${item.quantity}`,
  ]);
  const parameters = {
    en: event.event_name,
    cu: event.currency,
    'epn.value': event.value,
    'ep.transaction_id': event.transaction_id,
    'ep.search_term': event.search_term,
    ...Object.fromEntries(items),
  };
  const said = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said.map(([name, value]) => [name, String(value)]));
}

async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    body,
    headers: { 'content-type': 'text/plain', ...headers },
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
}
