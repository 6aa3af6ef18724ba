import { status } from '@grpc/grpc-js';
import {
  buildPageView,
  buildSelfDescribingEvent,
  type EmitterConfiguration,
  newTracker,
  type RequestFailure,
} from '@snowplow/node-tracker';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { accept, closeFakePubSubs, hang, refuse } from '../helpers/fake-pubsub.ts';
import { endServedFunctions } from '../helpers/serve-function.ts';
import { startCollector, type TestCollector, WRITE_KEY } from './collector.ts';
import { CUSTOM, JOURNEY, journeyOf, SHOPPER } from './journey.ts';
import { SNOWPLOW_CUSTOM, SNOWPLOW_EVENTS, type SnowplowEvent } from './snowplow-journey.ts';

let collector: TestCollector;

beforeAll(async () => {
  collector = await startCollector({ ACK_TIMEOUT_MS: '500' });
});
afterEach(() => {
  collector.answer(accept);
  collector.clear();
});
afterAll(() => {
  endServedFunctions();
  closeFakePubSubs();
});

/** The tracker of a shop whose application id is a write key, as it is configured for any collector. */
function client(emitter: Partial<EmitterConfiguration> = {}, encodeBase64 = true, appId = WRITE_KEY) {
  const failures: RequestFailure[] = [];
  const tracker = newTracker(
    { namespace: 'shop', appId, encodeBase64 },
    {
      endpoint: '127.0.0.1',
      port: collector.port,
      protocol: 'http',
      bufferSize: 50,
      onRequestFailure: (failure) => failures.push(failure),
      ...emitter,
    },
  );
  tracker.setUserId(SHOPPER.user_id);
  tracker.setDomainUserId(SHOPPER.anonymous_id);
  tracker.setSessionId('session-1');
  const track = (...events: readonly SnowplowEvent[]): void => {
    for (const { event, context } of events) tracker.track(buildSelfDescribingEvent({ event }), context);
  };
  const pageView = (): void => {
    tracker.track(
      buildPageView({
        pageUrl: 'https://shop.example/',
        pageTitle: 'Shop',
        referrer: 'https://news.example/',
      }),
    );
  };
  return { tracker, failures, track, pageView };
}

describe('@snowplow/node-tracker, unmodified', () => {
  test.each([
    { name: 'base64', encoded: true },
    { name: 'plain JSON', encoded: false },
  ])('a shopping journey in $name arrives in canonical terms', async ({ encoded }) => {
    const { tracker, failures, track, pageView } = client({}, encoded);
    pageView();
    track(...SNOWPLOW_EVENTS, SNOWPLOW_CUSTOM);
    await tracker.flush();

    const events = collector.acknowledged();
    expect(failures).toEqual([]);
    expect(journeyOf(events.slice(0, -1))).toEqual(JOURNEY);
    for (const event of events) {
      expect(event).toMatchObject({
        ...SHOPPER,
        session_id: 'session-1',
        collector: { protocol: 'snowplow', sent_at: expect.any(String) },
      });
    }
    expect(events[0]?.page).toEqual({
      url: 'https://shop.example/',
      title: 'Shop',
      referrer: 'https://news.example/',
    });
    expect(events.at(-1)).toMatchObject({ event_name: CUSTOM.name, properties: CUSTOM.properties });
    expect(new Set(events.map((event) => event.event_id)).size).toBe(events.length);
  });

  test('by GET, an event at a time', async () => {
    const { failures, track } = client({ eventMethod: 'get', bufferSize: 1 });
    track(...SNOWPLOW_EVENTS.slice(0, 3));
    await expect.poll(() => journeyOf(collector.acknowledged())).toEqual(JOURNEY.slice(1, 4));
    expect(failures).toEqual([]);
  });

  test.each([
    { name: 'refuses', answer: refuse(status.PERMISSION_DENIED) },
    { name: 'is silent', answer: hang },
  ])('Pub/Sub $name: the tracker keeps its events, and sends the same ones again', async ({ answer }) => {
    const { tracker, failures, track } = client();
    collector.answer(answer, 1);
    track(...SNOWPLOW_EVENTS.slice(0, 2));
    await tracker.flush();
    await expect.poll(() => failures).toMatchObject([{ status: 503, willRetry: true }]);
    expect(collector.acknowledged()).toEqual([]);
    await tracker.flush();
    const events = collector.acknowledged();
    expect(journeyOf(events)).toEqual(JOURNEY.slice(1, 3));
    expect(failures[0]?.events.map(({ eid }) => eid)).toEqual(events.map(({ event_id }) => event_id));
  });

  test('is told of an unknown application id, and does not try again', async () => {
    const { tracker, failures, track } = client({}, true, 'unknown-shop');
    track(...SNOWPLOW_EVENTS.slice(0, 1));
    await tracker.flush();
    await expect.poll(() => failures).toMatchObject([{ status: 401, willRetry: false }]);
    expect(collector.publishes()).toBe(0);
  });

  test('a key in a header goes before the application id', async () => {
    const { tracker, failures, track } = client({ customHeaders: { 'X-Write-Key': WRITE_KEY } }, true, 'any');
    track(...SNOWPLOW_EVENTS.slice(0, 1));
    await tracker.flush();
    expect(failures).toEqual([]);
    expect(collector.acknowledged()).toHaveLength(1);
  });

  test('anonymous: neither address nor network id is taken, and no cookie is set', async () => {
    const { tracker, track } = client({ serverAnonymization: true });
    tracker.setNetworkUserId('network-1');
    track(...SNOWPLOW_EVENTS.slice(0, 1));
    await tracker.flush();
    const [event] = collector.acknowledged();
    expect(event?.collector.protocol).toBe('snowplow');
    expect(event?.collector).not.toHaveProperty('ip');
    expect(JSON.stringify(event)).not.toContain('network-1');
  });
});
