import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser, whyNoBrowser } from '../helpers/browser/chromium.ts';
import { type ShownShop, showShop } from '../helpers/browser/shown-shop.ts';

const why = whyNoBrowser();
if (why) process.stderr.write(`the storefront's accessibility is not tested: ${why}\n`);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.skipIf(why)('axe finds no fault', { timeout: 60_000 }, () => {
  let shop: ShownShop;
  let browser: Browser;

  beforeAll(async () => {
    [shop, browser] = await Promise.all([showShop(), startBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await shop?.close();
  });

  const faultsOf = async (path: string, colorScheme: 'light' | 'dark', width: number, answered: boolean) => {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width, height: 900 },
      reducedMotion: 'reduce',
    });
    await context.addInitScript(`localStorage.setItem('shop.cart', '[["sku-0040",2],["sku-0120",1]]')`);
    if (answered)
      await context.addInitScript(
        `localStorage.setItem('shop.consent', '{"analytics":false,"personalization":false}')`,
      );
    const page = await context.newPage();
    await page.goto(shop.url + path);
    await page.locator('main h1').waitFor({ state: 'attached' });
    await page.evaluate(AXE);
    const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
    await context.close();
    return violations.map(
      ({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html }) => html).join(' ')}`,
    );
  };

  test.each([
    ['/', 1280],
    ['/', 390],
    ['/category/Lamps', 1280],
    ['/search?q=oak', 1280],
    ['/product/sku-0040', 390],
    ['/cart', 1280],
    ['/checkout', 1280],
    ['/nowhere', 1280],
  ])('%s at %i pixels', async (path, width) => {
    expect(await faultsOf(path, 'light', width, true)).toEqual([]);
    expect(await faultsOf(path, 'dark', width, true)).toEqual([]);
  });

  test('the question for consent', async () => {
    expect(await faultsOf('/', 'light', 1280, false)).toEqual([]);
    expect(await faultsOf('/', 'dark', 1280, false)).toEqual([]);
  });
});
