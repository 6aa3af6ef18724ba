import { fileURLToPath } from 'node:url';
import { status } from '@grpc/grpc-js';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startBrowser, whyNoBrowser } from '../../helpers/browser/chromium.ts';
import { type PageServer, servePage } from '../../helpers/browser/page-server.ts';
import { accept, closeFakePubSubs, refuse } from '../../helpers/fake-pubsub.ts';
import { endServedFunctions } from '../../helpers/serve-function.ts';
import { startCollector, type TestCollector, WRITE_KEY } from '../collector.ts';
import { JOURNEY, journeyOf, SHOPPER } from '../journey.ts';
import type { RunScenario } from './page.ts';

const why = whyNoBrowser();
if (why) process.stderr.write(`the trackers of browsers are not tested: ${why}\n`);

describe.skipIf(why)('trackers in a browser, on a page of another origin', { timeout: 60_000 }, () => {
  let collector: TestCollector;
  let pages: PageServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    [pages, browser] = await Promise.all([
      servePage(fileURLToPath(new URL('page.ts', import.meta.url))),
      startBrowser(),
    ]);
    collector = await startCollector({ ALLOWED_ORIGINS: pages.url, DEVELOPMENT_PAGE: 'true' });
  }, 60_000);

  beforeEach(async () => {
    // A context of its own: no cookie or stored event of another test.
    page = await browser.newPage();
    await page.goto(pages.url);
  });

  afterEach(async () => {
    await page.close();
    collector.answer(accept);
    collector.clear();
  });

  afterAll(async () => {
    await Promise.allSettled([browser?.close(), pages?.close()]);
    endServedFunctions();
    closeFakePubSubs();
  });

  const run = (name: string, writeKey = WRITE_KEY) =>
    page.evaluate(
      ([scenario, place]) => (globalThis as unknown as { run: RunScenario }).run(scenario, place),
      [name, { url: collector.url, writeKey }] as const,
    );
  const names = () => collector.acknowledged().map(({ event_name }) => event_name);

  describe('@segment/analytics-next', () => {
    test.each(['segmentOneByOne', 'segmentInBatches'])('%s: a journey in canonical terms', async (name) => {
      await run(name);
      await expect.poll(() => names().length, { timeout: 10_000 }).toBe(JOURNEY.length + 1);
      const [identify, ...journey] = inOrder(collector);
      expect(identify).toMatchObject({ event_name: 'identify', ...SHOPPER, traits: { plan: 'gold' } });
      expect(journeyOf(journey)).toEqual(JOURNEY);
      for (const event of journey) {
        expect(event).toMatchObject({ ...SHOPPER, page: { url: `${pages.url}/` } });
        expect(event.collector.user_agent).toContain('Mozilla');
      }
    });

    test('an outage: the page tries again, and the event is there once', async () => {
      collector.answer(refuse(status.PERMISSION_DENIED), 1);
      await run('segmentOneEvent');
      await expect.poll(names, { timeout: 30_000 }).toEqual(['view_item']);
      expect(collector.publishes()).toBe(2);
    });
  });

  describe('@snowplow/browser-tracker', () => {
    test.each(['snowplowByPost', 'snowplowByGet'])('%s: a journey in canonical terms', async (name) => {
      await run(name);
      await expect.poll(() => names().length, { timeout: 10_000 }).toBe(JOURNEY.length);
      const events = inOrder(collector);
      const unlisted = journeyOf(events).map(({ items, ...event }) =>
        items ? { ...event, items: items.map(({ item_list_id: _, ...item }) => item) } : event,
      );
      expect(unlisted).toEqual(JOURNEY);
      expect(events[2]?.items?.map(({ item_list_id }) => item_list_id)).toEqual(['search', 'search']);
      const [visitor] = events.map(({ anonymous_id }) => anonymous_id);
      expect(visitor).toMatch(/^[0-9a-f-]{36}$/);
      for (const event of events) {
        expect(event).toMatchObject({ anonymous_id: visitor, user_id: SHOPPER.user_id });
        expect(event.page?.url).toBe(`${pages.url}/`);
        expect(event.session_id).toMatch(/^[0-9a-f-]{36}$/);
      }
    });

    test('an outage: the tracker keeps its event, and sends it with the next', async () => {
      collector.answer(refuse(status.PERMISSION_DENIED), 1);
      // While its request is under way the tracker would not begin another for the next event.
      const refused = page.waitForResponse((response) => response.status() >= 400);
      await run('snowplowOneView');
      await refused;
      await run('snowplowAnotherView');
      await expect.poll(names, { timeout: 30_000 }).toEqual(['page_view', 'page_view']);
      expect(new Set(collector.acknowledged().map(({ event_id }) => event_id)).size).toBe(2);
    });

    test('anonymous: no visitor, no address, no cookie, no profile', async () => {
      await run('snowplowAnonymous');
      await expect.poll(names).toEqual(['page_view']);
      const [event] = collector.acknowledged();
      expect(event).toMatchObject({ anonymous_id: event?.event_id, consent: { personalization: false } });
      expect(event?.collector).not.toHaveProperty('ip');
      expect(await page.context().cookies(collector.url)).toEqual([]);
    });
  });

  test('a pixel is a picture, and its visitor the same the next time', async () => {
    const show = (title: string) =>
      page.evaluate(`new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve(image.naturalWidth);
        image.onerror = () => resolve('no picture');
        image.src = '${collector.url}/i?e=pv&aid=${WRITE_KEY}&page=${title}';
      })`);
    expect(await show('one')).toBe(1);
    expect(await show('two')).toBe(1);
    const [one, two] = collector.acknowledged();
    expect(one?.anonymous_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(two?.anonymous_id).toBe(one?.anonymous_id);
  });
  test("the collector's own page shows what comes in", async () => {
    await page.goto(collector.url);
    await page.getByText('Watching.').waitFor();
    await fetch(`${collector.url}/mp/collect?api_secret=${WRITE_KEY}`, {
      method: 'POST',
      body: JSON.stringify({
        client_id: 'c',
        events: [{ name: 'view_item' }, { name: 'x', params: { items: 7 } }],
      }),
    });
    await page.getByText(/ga4 · 204 · accepted/).waitFor();
    await page.getByText(/ga4 · 204 · rejected · items: /).waitFor();
  });
});

/** Several requests of a page may overtake one another: their events have the page's times. */
function inOrder(collector: TestCollector) {
  return collector.acknowledged().toSorted((a, b) => a.event_time.localeCompare(b.event_time));
}
