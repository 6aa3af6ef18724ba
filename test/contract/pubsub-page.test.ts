import type { PubSub } from '@google-cloud/pubsub';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { pubSubClient } from '../../emulators/google/pubsub.ts';
import { startPubSubEmulator } from '../../emulators/pubsub/index.ts';
import { startBrowser, whyNoBrowser } from '../helpers/browser/chromium.ts';

const why = whyNoBrowser();

describe.skipIf(why)(`the Pub/Sub emulator's page in a browser${why ? ` (skipped: ${why})` : ''}`, () => {
  let emulator: RunningEmulator;
  let pubsub: PubSub;
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    [emulator, browser] = await Promise.all([startPubSubEmulator(), startBrowser()]);
    pubsub = pubSubClient('demo-x', new URL(emulator.url).host);
    page = await browser.newPage();
  }, 60_000);
  afterAll(async () => {
    await pubsub?.close();
    await browser?.close();
    await emulator?.close();
  });

  /** The figure in a subscription's row under a heading; undefined while there is no such row. */
  async function figure(subscription: string, heading: string): Promise<number | undefined> {
    const column = (await page.locator('th').allTextContents()).indexOf(heading);
    const rows = page.locator('tr').filter({ has: page.locator(`td:text-is("${subscription}")`) });
    const [cells = []] = await Promise.all(
      (await rows.all()).map((row) => row.locator('td').allTextContents()),
    );
    return cells[column] === undefined ? undefined : Number(cells[column]);
  }

  it('shows backlog, the oldest message and deliveries by subscription, and keeps up by itself', async () => {
    await page.goto(emulator.url);
    expect(await page.textContent('body')).toContain('There is no subscription yet.');

    const [topic] = await pubsub.createTopic('clicks');
    const [taken] = await topic.createSubscription('taken');
    await topic.createSubscription('waiting');
    taken.setOptions({ flowControl: { maxMessages: 1 } });
    const held = new Promise((resolve) => taken.on('message', resolve));
    for (const data of ['a', 'b', 'c']) await topic.publishMessage({ data: Buffer.from(data) });
    await held;

    await expect.poll(() => figure('waiting', 'Backlog'), { timeout: 20_000 }).toBe(3);
    await expect.poll(() => figure('waiting', 'Oldest unacked, s'), { timeout: 20_000 }).toBeGreaterThan(0);
    expect(await figure('waiting', 'In flight')).toBe(0);
    await expect.poll(() => figure('taken', 'In flight'), { timeout: 20_000 }).toBeGreaterThan(0);
    await taken.close();
  }, 60_000);
});
