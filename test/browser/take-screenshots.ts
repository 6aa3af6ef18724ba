import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { runCommand } from '../../shared/command-line.ts';
import { startBrowser, whyNoBrowser } from '../helpers/browser/chromium.ts';
import { ALLOWED, openVisit } from '../helpers/browser/visit.ts';
import { launch } from '../helpers/launcher.ts';

const USAGE = `Usage: npm run screenshots

Runs npm start, shops a little, and writes pictures of the storefront and the pipeline view to docs/images.
`;
const FOLDER = fileURLToPath(new URL('../../docs/images/', import.meta.url));

await runCommand({
  call: 'npm run screenshots',
  usage: USAGE,
  options: {},
  run: async () => {
    const why = whyNoBrowser();
    if (why) throw new Error(`There are no pictures: ${why}.`);
    mkdirSync(FOLDER, { recursive: true });
    const launcher = launch();
    try {
      const [shop, pipeline] = await Promise.all(
        [/^\s*storefront\s/, /^\s*pipeline view\s/].map(
          async (line) => /http\S+/.exec(await launcher.line(line))?.[0] ?? '',
        ),
      );
      await launcher.line(/the shop is open/);
      const browser = await startBrowser();
      try {
        await pictureStorefront(browser, (shop ?? '').replace(/\/$/, ''));
        await picturePipeline(browser, pipeline ?? '');
      } finally {
        await browser.close();
      }
    } finally {
      launcher.process.kill('SIGINT');
      await launcher.ended;
    }
  },
});

async function pictureStorefront(browser: Browser, url: string): Promise<void> {
  const desk = await openVisit(browser, url, { choice: ALLOWED, path: '/product/sku-0040', height: 930 });
  await shopAround(desk.page);
  await picture(desk.page, 'storefront');
  const dark = await openVisit(browser, url, {
    choice: ALLOWED,
    path: '/product/sku-0100',
    dark: true,
    height: 860,
  });
  await shopAround(dark.page);
  await dark.page.locator('a.name').click();
  await picture(dark.page, 'storefront-dark');
  const phone = await openVisit(browser, url, {
    choice: ALLOWED,
    path: '/product/sku-0055',
    width: 390,
    height: 844,
  });
  await shopAround(phone.page);
  await phone.page.locator('.for-you').scrollIntoViewIfNeeded();
  await picture(phone.page, 'storefront-phone');
}

/** Clicks until the model knows a little. */
async function shopAround(page: Page): Promise<void> {
  for (let clicks = 0; clicks < 4; clicks += 1) {
    await page.waitForFunction(
      `document.querySelector('.for-you').dataset.recommendation !== (window.seen ?? '') &&
       (window.seen = document.querySelector('.for-you').dataset.recommendation)`,
    );
    if (clicks < 3) await page.locator('.for-you li a').nth(clicks).click();
  }
}

/** Once an event has come through; shoppers of the demonstration are at it. */
async function picturePipeline(browser: Browser, url: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  await page.goto(url);
  await page.locator('h1').waitFor();
  // Charts fill as time goes by.
  await page.waitForTimeout(15_000);
  await picture(page, 'pipeline');
  // The list of events stands still while the focus is in it.
  const event = page.locator('.events a', { hasText: 'view_item' }).first();
  await event.focus();
  await event.press('Enter');
  await page.getByText('Arrived.').waitFor();
  await picture(page, 'pipeline-event');
}

async function picture(page: Page, name: string): Promise<void> {
  // What comes in softly has come.
  await page.waitForFunction('document.getAnimations().every((each) => each.playState === "finished")');
  await page.screenshot({ path: `${FOLDER}${name}.png` });
  process.stdout.write(`docs/images/${name}.png\n`);
}
