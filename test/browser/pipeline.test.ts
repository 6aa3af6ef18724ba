import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeStats } from '../../emulators/board/stats.ts';
import { type LocalView, startLocalView } from '../../emulators/board/view/index.ts';
import { type IngestClient, makeIngestClient } from '../../emulators/ingest-client.ts';
import { makeShop } from '../../emulators/shop/shop.ts';
import { type Stack, startStack } from '../../emulators/stack.ts';
import { openStores, type Stores } from '../../emulators/stores.ts';
import { startBrowser, whyNoBrowser } from '../helpers/browser/chromium.ts';

const why = whyNoBrowser();
if (why) process.stderr.write(`the pipeline view is not tested on the whole stack: ${why}\n`);

describe.skipIf(why)('the pipeline view of the whole stack', { timeout: 90_000 }, () => {
  let stack: Stack;
  let stores: Stores;
  let view: LocalView;
  let browser: Browser;
  let page: Page;
  let ingest: IngestClient;
  let item = '';
  const errors: string[] = [];

  beforeAll(async () => {
    const stats = makeStats();
    stack = await startStack({
      project: 'demo-view',
      onLine: (line) => {
        stats.observe(line);
        view?.observe(line);
      },
    });
    stores = openStores(stack);
    ingest = makeIngestClient({ url: stack.ingestUrl, writeKey: stack.writeKey });
    const say = (): void => undefined;
    const shop = makeShop({
      stores,
      project: stack.project,
      ingest,
      isServed: async () => true,
      say,
      pastVisits: 300,
    });
    await shop.open();
    item = shop.products[0]?.item_id ?? '';
    view = await startLocalView({ stack, stores, stats, say });
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(view.url);
    await page
      .getByRole('status')
      .filter({ hasText: /^live$/ })
      .waitFor();
  }, 180_000);
  afterAll(async () => {
    await browser?.close();
    await view?.close();
    await stores?.close();
    await stack?.close();
  });

  const step = (name: string) => page.getByRole('rowheader', { name });

  test('a click is followed by its id through every stage and onto the screen, with its trace', async () => {
    // The tap opens with the page; what it sees first is among the newest events.
    await expect
      .poll(
        async () => {
          await ingest.send([
            { event_name: 'view_item', anonymous_id: 'warm-up', items: [{ item_id: item }] },
          ]);
          return page.locator('.events li').count();
        },
        { timeout: 30_000, interval: 500 },
      )
      .toBeGreaterThan(0);
    await ingest.send([
      { event_id: 'followed-1', event_name: 'view_item', anonymous_id: 'ada', items: [{ item_id: item }] },
    ]);
    await page.getByRole('link', { name: 'Follow an event' }).click();
    await page.getByLabel('Event id').fill('followed-1');
    await page.keyboard.press('Enter');
    for (const name of [
      'received and made durable',
      'in clickstream-raw, for enrich',
      'enrich handled it',
      'in clickstream-enriched, for recommend',
      'recommend handled it',
      'in recommendations, for push',
      'push handled it',
      'on the shopper’s screen',
    ])
      await step(name).first().waitFor();
    await page.getByText('Arrived.').waitFor();
    expect(await page.locator('.facts').textContent()).toContain('visitoradaoutcomestored');
    await page.getByRole('table', { name: 'Spans of the trace' }).getByText('push recommendations').waitFor();
  });

  test('a failed event is mended and replayed in the browser, and arrives', async () => {
    await ingest.send([
      { event_id: 'mended-1', event_name: 'view_item', anonymous_id: 'bob', items: 'none' },
    ]);
    const entry = page.locator('summary', { hasText: 'ingest: invalid_event' });
    await page.getByRole('link', { name: 'Failed events' }).click();
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Show', exact: true }).click();
          return entry.count();
        },
        { timeout: 30_000, interval: 500 },
      )
      .toBe(1);
    await entry.click();
    const payload = page.getByRole('textbox', { name: 'Payload' });
    await payload.fill((await payload.inputValue()).replace('"none"', `[{"item_id":"${item}"}]`));
    await page.getByRole('button', { name: 'Replay as edited' }).click();
    await page.getByText(/1\s+published again/).waitFor();
    await page.getByRole('link', { name: 'Follow the event' }).click();
    // It was handled by warehouse as a failed event before.
    await page.locator('.facts', { hasText: 'outcomestored' }).waitFor();
  });

  test('the model, its gate, and the ready queries are there', async () => {
    await page.getByRole('link', { name: 'Models' }).click();
    await page.locator('.model.live li', { hasText: 'passes' }).waitFor();
    await page.getByRole('link', { name: 'SQL' }).click();
    await page.getByRole('button', { name: 'Top items' }).click();
    await page.getByRole('columnheader', { name: 'item_id' }).waitFor();
    expect(errors).toEqual([]);
  });
});
