import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAuthEmulator } from '../../../emulators/auth/index.ts';
import type { RunningEmulator } from '../../../emulators/emulator.ts';
import { startFirestoreEmulator as startOurs } from '../../../emulators/firestore/index.ts';
import { v2 } from '../../../emulators/firestore/rules/cases/files.ts';
import { startFirestoreEmulator as startGoogles } from '../../../emulators/google/firestore.ts';
import { startBrowser, whyNoBrowser } from '../../helpers/browser/chromium.ts';
import { type PageServer, servePage } from '../../helpers/browser/page-server.ts';
import { whyNoGoogleEmulators } from '../../helpers/google-emulators.ts';
import { EXPECTED, EXPECTED_OF_OURS } from './expected.ts';
import type { RunScenario } from './page.ts';

const PROJECT = 'demo-web';
const PAGES = 4;
const RULES = v2(`
  match /mine/{uid} {
    allow get, write: if request.auth.uid == uid;
    allow list: if resource.data.owner == request.auth.uid;
  }
  match /locked/{id} { allow read, write: if false; }
  match /{above=**}/{collection}/{id} { allow read, write: if !(collection in ['mine', 'locked']); }
`);

const whyNoGoogles = await whyNoGoogleEmulators();
const EMULATORS = [
  {
    name: 'our',
    missing: undefined,
    expected: { ...EXPECTED, ...EXPECTED_OF_OURS },
    start: () => startOurs(),
  },
  {
    name: 'Google’s',
    missing: whyNoGoogles,
    expected: EXPECTED,
    start: () => startGoogles({ project: PROJECT }),
  },
];

describe.each(EMULATORS)(
  'the web SDK in a browser, on $name emulator',
  { timeout: 60_000 },
  ({ missing, expected, start }) => {
    const why = whyNoBrowser() ?? missing;
    describe.skipIf(why)(why ? `skipped: ${why}` : 'running', () => {
      let emulator: RunningEmulator;
      let auth: RunningEmulator;
      let pages: PageServer;
      let browser: Browser;
      let page: Page;
      beforeAll(async () => {
        [emulator, auth, pages, browser] = await Promise.all([
          start(),
          startAuthEmulator({ project: PROJECT }),
          servePage(fileURLToPath(new URL('page.ts', import.meta.url))),
          startBrowser(),
        ]);
        const response = await fetch(`${emulator.url}/emulator/v1/projects/${PROJECT}:securityRules`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content: RULES }] } }),
        });
        expect(response.status, await response.text()).toBe(200);
      });
      afterAll(async () => {
        await browser?.close();
        await Promise.all([emulator?.close(), auth?.close(), pages?.close()]);
      });
      beforeEach(async () => {
        page = await browser.newPage();
        await page.goto(pages.url);
        await page.waitForFunction('globalThis.run');
      });
      afterEach(() => page.close());

      function run(within: Page, scenario: string, ...more: readonly number[]): Promise<unknown> {
        const { hostname: host, port } = new URL(emulator.url);
        const place = { project: PROJECT, host, port: Number(port), authUrl: auth.url };
        return within.evaluate(
          ([called, at, rest]) => (globalThis as unknown as { run: RunScenario }).run(called, at, ...rest),
          [scenario, place, more] as const,
        );
      }

      it.each(Object.entries(expected))('%s', async (scenario, outcome) => {
        expect(await run(page, scenario)).toEqual(outcome);
      });

      // They share six connections, of which each page's streams hold two; at Google's a page may starve.
      it.runIf(expected !== EXPECTED)('several pages of one browser', async () => {
        const context = await browser.newContext();
        const several = await Promise.all(
          Array.from({ length: PAGES }, async () => {
            const each = await context.newPage();
            await each.goto(pages.url);
            await each.waitForFunction('globalThis.run');
            return each;
          }),
        );
        const seen = await Promise.all(several.map((each, index) => run(each, 'among', PAGES, index)));
        expect(seen).toEqual(several.map(() => PAGES));
        await context.close();
      });
    });
  },
);
