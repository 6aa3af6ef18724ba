import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { recommendation } from '../../functions/push/fixtures.ts';
import { messageData } from '../../functions/push/message-data.ts';
import { startBrowser, whyNoBrowser } from '../../test/helpers/browser/chromium.ts';
import { type PageServer, servePage } from '../../test/helpers/browser/page-server.ts';
import type { PushPage } from './test-page.ts';

const why = whyNoBrowser();
const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
declare const page: PushPage;
/** What the worker's own thread has. */
declare const registration: ServiceWorkerRegistration;
declare const clients: object;
/** What it asked the browser for. */
declare const asked: unknown[][];

describe.skipIf(why)(why ? `web push, skipped: ${why}` : 'web push', { timeout: 60_000 }, () => {
  let server: PageServer;
  let browser: Browser;
  let context: BrowserContext;
  let shop: Page;
  let devtools: CDPSession;

  beforeAll(async () => {
    server = await servePage(file('test-page.ts'), {
      '/firebase-messaging-sw.js': file('service-worker.ts'),
    });
    browser = await startBrowser();
    context = await browser.newContext();
    shop = await context.newPage();
    await shop.goto(server.url);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
  });

  const data = messageData(recommendation('ada', -100));
  /** As FCM's web push has it on the wire. */
  const deliver = async (message: object) => {
    const registrationId = await known;
    await devtools.send('ServiceWorker.deliverPushMessage', {
      origin: server.url,
      registrationId,
      data: JSON.stringify({ from: '1', fcmMessageId: 'm', productId: 0, ...message }),
    });
  };
  let known: Promise<string>;

  test('a message goes to the page where one is visible', async () => {
    devtools = await context.newCDPSession(shop);
    known = new Promise((resolve) => {
      devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        for (const { registrationId, scopeURL } of registrations) {
          if (scopeURL.startsWith(server.url)) resolve(registrationId);
        }
      });
    });
    await devtools.send('ServiceWorker.enable');
    await shop.evaluate(() => page.install());
    await deliver({ data });
    await expect.poll(() => shop.evaluate(() => page.received)).toEqual([data]);
  });

  test('and is a notification where none is, which opens the shop', async () => {
    const [worker] = context.serviceWorkers();
    if (!worker) throw new Error('the page has installed no service worker');
    // A headless Chromium shows no notifications: noted is what the worker asks for.
    await worker.evaluate(() => {
      registration.showNotification = async (title, options) => void asked.push([title, options]);
      Object.assign(clients, { openWindow: async (url: string) => void asked.push(['open', url]) });
      Object.assign(globalThis, { asked: [] });
    });
    const seen = () => worker.evaluate(() => asked);
    await shop.goto('about:blank');

    await deliver({ data: { type: 'something else' } });
    await deliver({ data });
    const options = {
      body: 'Because you looked at socks',
      tag: 'recommendations',
      data: { link: '/' },
    };
    await expect.poll(seen).toEqual([['New picks for you', options]]);

    await worker.evaluate((notified) => {
      const event = new Event('notificationclick');
      const notification = { data: notified, close: () => void asked.push(['close']) };
      dispatchEvent(Object.assign(event, { notification, waitUntil: () => undefined }));
    }, options.data);
    await expect.poll(async () => (await seen()).slice(1)).toEqual([['close'], ['open', '/']]);
  });
});

describe.skipIf(why)('a device that a page registers', { timeout: 60_000 }, () => {
  let emulator: RunningEmulator;
  let server: PageServer;
  let browser: Browser;
  let shop: Page;

  beforeAll(async () => {
    emulator = await startFirestoreEmulator();
    const content = await readFile(file('../../infra/firestore.rules'), 'utf8');
    await fetch(`${emulator.url}/emulator/v1/projects/demo-push:securityRules`, {
      method: 'PUT',
      body: JSON.stringify({ rules: { files: [{ name: 'firestore.rules', content }] } }),
    });
    server = await servePage(file('test-page.ts'));
    browser = await startBrowser();
    shop = await browser.newPage();
    await shop.goto(server.url);
  });
  afterAll(async () => {
    await browser?.close();
    await Promise.all([server?.close(), emulator?.close()]);
  });

  const registered = async (): Promise<readonly { readonly fields: Record<string, object> }[]> => {
    const url = `${emulator.url}/v1/projects/demo-push/databases/(default)/documents/devices/ada/tokens`;
    const answer = await fetch(url, { headers: { authorization: 'Bearer owner' } });
    return ((await answer.json()) as { documents?: { fields: Record<string, object> }[] }).documents ?? [];
  };
  const act = (what: 'save' | 'forget', owner: string) =>
    shop.evaluate(
      ([how, host, whose]) => page.device(how, host, 'ada', whose, 'token:with/slashes_and-more'),
      [what, new URL(emulator.url).host, owner] as const,
    );

  test('is in the form that the rules admit, once, until it is forgotten', async () => {
    expect(await act('save', 'ada')).toBe('done');
    expect(await registered()).toMatchObject([
      {
        fields: {
          token: { stringValue: 'token:with/slashes_and-more' },
          platform: { stringValue: 'web' },
          updated_at: { timestampValue: expect.any(String) },
        },
      },
    ]);
    expect(await act('forget', 'ada')).toBe('done');
    expect(await registered()).toEqual([]);
  });

  test('cannot be another visitor’s', async () => {
    expect(await act('save', 'bob')).toBe('permission-denied');
  });
});
