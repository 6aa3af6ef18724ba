import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whyNoBrowser } from '../helpers/browser/chromium.ts';
import {
  ALLOWED,
  type RunningShop,
  startRunningShop,
  type Visitor,
} from '../helpers/browser/running-shop.ts';

const why = whyNoBrowser();
if (why) process.stderr.write(`the storefront is not tested: ${why}\n`);

describe.skipIf(why)('the storefront on the whole stack', { timeout: 60_000 }, () => {
  let shop: RunningShop;

  beforeAll(async () => {
    shop = await startRunningShop();
  }, 180_000);
  afterAll(() => shop?.close());

  const row = ({ page }: Visitor) => page.locator('.for-you');
  const recommendationOf = (visitor: Visitor) => row(visitor).getAttribute('data-recommendation');

  test('a click on a product changes the row, with reasons, without a reload', async () => {
    const visitor = await shop.visit({ choice: ALLOWED });
    const { page } = visitor;
    await page.evaluate('window.sameDocument = true');
    await page.locator('.categories').getByText('Lamps').click();
    await page.locator('a.card').first().click();
    await expect.poll(() => recommendationOf(visitor), { timeout: 20_000 }).not.toBe('');
    const first = await recommendationOf(visitor);
    expect(await row(visitor).locator('h2').textContent()).toBe('For you');
    expect(await row(visitor).locator('.reason').first().textContent()).not.toBe('');
    expect(await row(visitor).locator('.for-you-note').textContent()).toMatch(
      /^Picked \d+ ms after your click by model /,
    );
    await row(visitor).locator('li a').first().click();
    await expect.poll(() => recommendationOf(visitor), { timeout: 20_000 }).not.toBe(first);
    expect(await page.evaluate('window.sameDocument')).toBe(true);
    expect(visitor.errors).toEqual([]);
    await visitor.context.close();
  });
});
