import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { setTimeout } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  type FixtureView,
  handledLine,
  seeRaw,
  startFixtureView,
  storeFailures,
} from '../../emulators/board/view/fixtures.ts';
import type { ShownModel } from '../../emulators/board/view/models.ts';
import type { TraceSpan } from '../../emulators/board/view/protocol.ts';
import { type Listening, listen } from '../../emulators/emulator.ts';
import { FUNCTIONS, TOPICS } from '../../shared/pipeline.ts';
import { startBrowser, whyNoBrowser } from '../../test/helpers/browser/chromium.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const HOSTILE = '<img src=x onerror="window.hacked = true">';

const model: ShownModel = {
  model_version: 'm-7',
  artifact_uri: 'gs://b/models/m-7',
  state: 'live',
  built_at: '2026-01-01T00:00:00.000Z',
  changed_at: '2026-01-01T00:01:00.000Z',
  method: 'vstan',
  counts: { sessions: 1200, clicks: 8000, items: 300 },
  metrics: {},
  report: [`ahead of popularity ${HOSTILE}`],
};

const span: TraceSpan = {
  trace_id: 'a'.repeat(32),
  span_id: 'b'.repeat(16),
  service: 'enrich',
  name: HOSTILE,
  depth: 0,
  from: 1000,
  to: 1020,
  error: HOSTILE,
  figures: '',
};

describe.skipIf(whyNoBrowser() !== undefined)(`the pipeline view ${whyNoBrowser() ?? ''}`, () => {
  let view: FixtureView;
  let listening: Listening;
  let browser: Browser;
  let page: Page;
  let url = '';
  const errors: string[] = [];

  beforeAll(async () => {
    view = await startFixtureView({ models: [model], spans: [span] });
    listening = await listen(view.app);
    url = `http://127.0.0.1:${listening.port}/`;
    browser = await startBrowser();
    await storeFailures(view.bigquery, [{ event_id: 'bad-1', event_name: HOSTILE }]);
    for (const { name } of FUNCTIONS) view.stats.observe(handledLine(name, 5, 'm0'));
  });
  afterEach(async () => {
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(errors.splice(0)).toEqual([]);
    await page.close();
  });
  afterAll(async () => {
    await browser.close();
    await listening.close();
    await view.close();
  });

  const open = async (hash = '', colorScheme: 'light' | 'dark' = 'light'): Promise<void> => {
    page = await browser.newPage({ colorScheme, viewport: { width: 1400, height: 900 } });
    page.on('pageerror', ({ message }) => errors.push(message));
    await page.goto(url + hash);
    await page
      .getByRole('status')
      .filter({ hasText: /^live$/ })
      .waitFor();
  };

  test('every function is in the picture and in the table, with its figures', async () => {
    await open();
    const table = page.getByRole('table', { name: 'Figures of each function' });
    for (const { name } of FUNCTIONS) {
      await expect.poll(() => table.getByRole('row', { name }).textContent()).toMatch(/5.*12 ms/);
      expect(await page.locator('svg .function .label', { hasText: name }).count()).toBeGreaterThan(0);
    }
    expect(await page.locator('.chart canvas').count()).toBe(4);
  });

  test('hostile values are text: among the newest, on their way, failed, and of a model', async () => {
    await open();
    seeRaw(view.trails, 'm1', { event_id: 'e-hostile', event_name: HOSTILE, anonymous_id: HOSTILE });
    await page.locator('.events a', { hasText: HOSTILE }).click();
    await page.locator('.facts dd', { hasText: HOSTILE }).first().waitFor();
    await page.getByRole('rowheader', { name: HOSTILE }).waitFor();
    await page.getByText('clickstream-raw', { exact: true }).click();
    await page.locator('pre', { hasText: HOSTILE.slice(0, 10) }).waitFor();
    await page.getByRole('link', { name: 'Failed events' }).click();
    await page.locator('summary', { hasText: 'enrich: invalid_event' }).click();
    expect(await page.getByRole('textbox', { name: 'Payload' }).inputValue()).toContain('onerror');
    await page.getByRole('link', { name: 'Models' }).click();
    await page.locator('.model li', { hasText: HOSTILE }).waitFor();
    await page.goto(`${url}#event/${encodeURIComponent(HOSTILE)}`);
    await page.getByText('No event of this id was seen or stored').waitFor();
    expect(await page.locator('main img').count()).toBe(0);
  });

  test('what is opened of an event under way is left alone while its times go on', async () => {
    seeRaw(view.trails, 'm-open', { event_id: 'e-open', event_name: 'view_item', anonymous_id: 'v' });
    await open('#event/e-open');
    await page.locator('details').waitFor();
    const marked = (name: string): string => `document.querySelector('${name}').marked`;
    const [form, table] = [marked('details'), marked('.waterfall')];
    await page.evaluate(`${form} = ${table} = true`);
    await expect.poll(() => page.evaluate(table)).toBeUndefined();
    expect(await page.evaluate(form)).toBe(true);
  });

  test('an event that was given up is followed on when it is replayed', async () => {
    const event = { event_id: 'e-again', event_name: 'view_item', anonymous_id: 'v' };
    seeRaw(view.trails, 'm-failed', { ...event, function: 'ingest' }, TOPICS.failed);
    view.trails.line(handledLine('warehouse', 1, 'm-failed'));
    await open('#event/e-again');
    await page.getByText('Given up.').waitFor();
    seeRaw(view.trails, 'm-again', event);
    await page.getByText('Under way').waitFor();
    await page.getByRole('rowheader', { name: 'in clickstream-raw, for enrich' }).waitFor();
  });

  test('by keyboard alone: from the first view to a query and its rows', async () => {
    await open();
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    for (let steps = 0; (await focused()) !== 'SQL' && steps < 30; steps += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: /Query/ }).focus();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('SELECT 6 * 7 AS answer');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('cell', { name: '42' }).waitFor();
    expect(await page.getByRole('columnheader').textContent()).toBe('answer');
  });

  test('a failed event is replayed', async () => {
    await open('#failed');
    await page.locator('summary', { hasText: 'enrich: invalid_event' }).click();
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('1 sent in again.').waitFor();
    const mended = { event_id: 'bad-1', event_name: 'view_item', items: [] };
    await page.getByRole('textbox', { name: 'Payload' }).fill(JSON.stringify(mended));
    await page.getByRole('button', { name: 'Replay as edited' }).click();
    await expect.poll(() => view.replayed).toMatchObject([{}, { mended }]);
    await page.getByRole('textbox', { name: 'Payload' }).fill('{');
    await page.getByRole('button', { name: 'Replay as edited' }).click();
    await page.getByText('The edited payload is no JSON object').waitFor();
  });

  test('what somebody writes into a failed event outlasts another look at the list', async () => {
    await open('#failed');
    await page.locator('summary', { hasText: 'enrich: invalid_event' }).click();
    const payload = page.getByRole('textbox', { name: 'Payload' });
    await payload.fill('half of it');
    const answered = page.waitForResponse(/\/api\/failures\?/);
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await answered;
    await page.getByRole('status').filter({ hasText: 'Looking' }).waitFor({ state: 'detached' });
    expect(await payload.inputValue()).toBe('half of it');
  });

  test('what a replay led to is not said over by an older look at the list', async () => {
    await open('#failed');
    await page.locator('summary', { hasText: 'enrich: invalid_event' }).click();
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => {
      void page.route(/\/api\/failures\?/, async (route) => {
        resolve();
        await new Promise<void>((go) => {
          answer = go;
        });
        await route.continue();
      });
    });
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    await asked;
    await page.getByRole('button', { name: 'Replay', exact: true }).click();
    await page.getByText('1 sent in again.').waitFor();
    const counts = `document.querySelector('#place .scroll').marked`;
    await page.evaluate(`${counts} = true`);
    answer();
    await expect.poll(() => page.evaluate(counts)).toBeUndefined();
    expect(await page.getByText('1 sent in again.').count()).toBe(1);
  });

  test.each(['light', 'dark'] as const)('axe finds no serious fault, %s', async (scheme) => {
    await open('', scheme);
    await page.evaluate(await readFile(AXE, 'utf8'));
    seeRaw(view.trails, 'm-axe', { event_id: 'e-axe', event_name: 'view_item', anonymous_id: 'v' });
    const places = [
      ['flow', '.chart canvas'],
      ['event/e-axe', '.waterfall'],
      ['failed', '.failures summary'],
      ['models', '.model'],
      ['sql', 'textarea'],
    ] as const;
    for (const [name, content] of places) {
      await page.evaluate(`location.hash = '${name}'`);
      await page.locator(content).first().waitFor();
      if (name === 'failed') await page.locator(content).first().click();
      const found = await page.evaluate<readonly string[]>(
        `axe.run().then(({ violations }) => violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html).join(' ')))`,
      );
      expect({ name, found }).toEqual({ name, found: [] });
    }
  });

  test('a thousand events a second: four updates a second, every figure arrives, and the page is idle most of the time', async () => {
    await open();
    const table = page.getByRole('table', { name: 'Figures of each function' });
    const before = view.stats.stage('ingest').in;
    const dropped = view.sources.feed.dropped();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busy = async (): Promise<number> =>
      (await devtools.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')
        ?.value ?? 0;
    await page.evaluate(WATCH_FRAMES);
    const [busyBefore, began] = [await busy(), performance.now()];
    // A second is ten rounds of a hundred events, each handled by every function.
    for (let round = 0; round < 40; round += 1) {
      for (const { name } of FUNCTIONS) view.stats.observe(handledLine(name, 100, `r${round}`));
      for (let event = 0; event < 100; event += 1) {
        const event_id = `r${round}-${event}`;
        seeRaw(view.trails, event_id, { event_id, event_name: 'view_item', anonymous_id: 'v' });
      }
      await setTimeout(100);
    }
    const total = new Intl.NumberFormat('en').format(before + 4000);
    await expect.poll(() => table.getByRole('row', { name: 'ingest' }).textContent()).toContain(total);
    const seconds = (performance.now() - began) / 1000;
    const share = ((await busy()) - busyBefore) / seconds;
    const { longest, updates } = await page.evaluate<{ longest: number; updates: number }>('watched');
    console.info(
      `page: ${(100 * share).toFixed(0)} % of a core, ${(updates / seconds).toFixed(1)} updates a second, longest time between frames ${longest.toFixed(0)} ms`,
    );
    expect(updates).toBeGreaterThan(2);
    expect(updates / seconds).toBeLessThan(6);
    // Processor time, which does not depend on what else the machine does.
    expect(share).toBeLessThan(0.5);
    expect(view.sources.feed.dropped()).toBe(dropped);
  });
});

/** Notes in the page how long frames were apart, and how often the headline changed. */
const WATCH_FRAMES = `
  window.watched = { longest: 0, updates: 0 };
  let last = performance.now();
  (function frame(now) {
    watched.longest = Math.max(watched.longest, now - last);
    last = now;
    requestAnimationFrame(frame);
  })(last);
  new MutationObserver(() => { watched.updates += 1; }).observe(document.querySelector('#headline'), {
    subtree: true, childList: true, characterData: true,
  });`;
