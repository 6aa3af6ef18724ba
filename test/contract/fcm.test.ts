import type { Message, Messaging } from 'firebase-admin/messaging';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFcmEmulator } from '../../emulators/fcm/index.ts';
import { makeMessaging } from '../../functions/push/fcm-app.ts';

/** The Admin SDK's messaging client against the emulator. */
let emulator: RunningEmulator;
let messaging: Messaging;

beforeAll(async () => {
  emulator = await startFcmEmulator();
  messaging = makeMessaging('demo-test', emulator.url);
});
afterAll(() => emulator.close());
beforeEach(async () => {
  await fetch(`${emulator.url}/reset`, { method: 'POST' });
});

interface InboxAnswer {
  readonly accepted: number;
  readonly collapsed: number;
  readonly messages: readonly { readonly name: string; readonly message: { readonly data?: object } }[];
}
const inbox = async (token: string): Promise<InboxAnswer> =>
  (await (await fetch(`${emulator.url}/inbox/${token}`)).json()) as InboxAnswer;
const fault = (token: string, body: object) =>
  fetch(`${emulator.url}/_emulator/faults/${token}`, { method: 'PUT', body: JSON.stringify(body) });
const codeOf = async (act: Promise<unknown>): Promise<unknown> => {
  try {
    await act;
    return 'no error';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

describe('sending', () => {
  it('puts a message into the inbox under the name it answers', async () => {
    const name = await messaging.send({ token: 'phone', data: { type: 'recommendations' } });
    expect(name).toMatch(/^projects\/demo-test\/messages\/.+/);
    expect((await inbox('phone')).messages).toMatchObject([
      { name, message: { data: { type: 'recommendations' } } },
    ]);
  });

  it('takes 500 in one call, each with its own result', async () => {
    await fault('t7', { error: 'UNREGISTERED' });
    const messages = Array.from(
      { length: 500 },
      (_, index): Message => ({ token: `t${index}`, data: { n: `${index}` } }),
    );
    const { successCount, failureCount, responses } = await messaging.sendEach(messages);
    expect([successCount, failureCount]).toEqual([499, 1]);
    expect(responses[7]?.error?.code).toBe('messaging/registration-token-not-registered');
    expect((await inbox('t499')).messages).toHaveLength(1);
  });

  it('validates without sending on a dry run', async () => {
    await messaging.send({ token: 'phone', data: { a: 'b' } }, true);
    expect((await inbox('phone')).accepted).toBe(0);
  });

  it('needs credentials', async () => {
    const response = await fetch(`${emulator.url}/v1/projects/p/messages:send`, {
      method: 'POST',
      body: '{}',
    });
    expect(response.status).toBe(401);
  });
});

describe('refusals', () => {
  it.each([
    ['an unregistered token', 'UNREGISTERED', 'messaging/registration-token-not-registered'],
    ['a quota', 'QUOTA_EXCEEDED', 'messaging/message-rate-exceeded'],
    ['an internal error', 'INTERNAL', 'messaging/internal-error'],
    ['an invalid token', 'INVALID_ARGUMENT', 'messaging/invalid-argument'],
    ['another sender', 'SENDER_ID_MISMATCH', 'messaging/mismatched-credential'],
  ])('map to the client: %s', async (_case, error, code) => {
    await fault('phone', { error });
    expect(await codeOf(messaging.send({ token: 'phone', data: {} }))).toBe(code);
  });

  it('carry Retry-After, and end after the times asked for', async () => {
    await fault('phone', { error: 'QUOTA_EXCEEDED', times: 1, retry_after: 7 });
    const { responses } = await messaging.sendEach([{ token: 'phone', data: {} }]);
    const headers = (responses[0]?.error as { httpResponse?: { headers?: object } } | undefined)?.httpResponse
      ?.headers;
    expect(headers).toMatchObject({ 'retry-after': '7' });
    expect(await codeOf(messaging.send({ token: 'phone', data: {} }))).toBe('no error');
  });

  it('the client tries again what is unavailable', async () => {
    await fault('phone', { error: 'UNAVAILABLE', times: 1 });
    expect(await codeOf(messaging.send({ token: 'phone', data: {} }))).toBe('no error');
  });

  it.each([
    ['data that is no string', { token: 't', data: { n: 1 } }, 'message.data.n'],
    ['a reserved key', { token: 't', data: { 'google.x': 'y' } }, 'message.data.google.x'],
    ['no recipient', { data: {} }, 'message'],
    ['two recipients', { token: 't', topic: 'x' }, 'message'],
    ['a malformed token', { token: 'with space' }, 'message.token'],
    ['an unknown field', { token: 't', colour: 'red' }, 'message'],
    ['a malformed ttl', { token: 't', android: { ttl: '10' } }, 'message.android.ttl'],
    ['too much data', { token: 't', data: { k: 'x'.repeat(4096) } }, 'message.data'],
  ])('name the field: %s', async (_case, message, field) => {
    const response = await fetch(`${emulator.url}/v1/projects/p/messages:send`, {
      method: 'POST',
      headers: { authorization: 'Bearer x' },
      body: JSON.stringify({ message }),
    });
    expect(response.status).toBe(400);
    const { error } = (await response.json()) as { error: { status: string; details: object[] } };
    expect(error.status).toBe('INVALID_ARGUMENT');
    expect(error.details).toContainEqual(
      expect.objectContaining({ fieldViolations: [expect.objectContaining({ field })] }),
    );
  });
});

describe('inboxes', () => {
  it('keep the newest of a collapse key', async () => {
    for (const n of ['1', '2', '3'])
      await messaging.send({ token: 'phone', data: { n }, android: { collapseKey: 'recommendations' } });
    await messaging.send({ token: 'phone', data: { n: '4' } });
    const { accepted, collapsed, messages } = await inbox('phone');
    expect({ accepted, collapsed }).toEqual({ accepted: 4, collapsed: 2 });
    expect(messages.map(({ message }) => message.data)).toEqual([{ n: '3' }, { n: '4' }]);
  });

  it('drop what has outlived its TTL', async () => {
    await messaging.send({ token: 'phone', data: {}, android: { ttl: 0 } });
    expect(await inbox('phone')).toMatchObject({ accepted: 1, messages: [] });
  });

  it('have a page for each device, where it can be connected or lose its app', async () => {
    const token = 'a:phone.of-ada';
    const url = `${emulator.url}/device/${encodeURIComponent(token)}`;
    await messaging.send({ token, data: { text: '<b>', n: '1' } });
    await messaging.send({ token, data: { n: '2' }, android: { collapseKey: 'recommendations' } });
    const list = await (await fetch(emulator.url)).text();
    expect(list).toContain(`href="/device/${encodeURIComponent(token)}"`);
    const page = await (await fetch(url)).text();
    expect(page).toContain('2 accepted · 2 waiting');
    expect(page).toContain('&lt;b&gt;');
    expect(page).toContain('collapses by recommendations');
    expect(page.indexOf('<code>2</code>')).toBeLessThan(page.indexOf('<code>1</code>'));

    const connected = await fetch(`${url}/connect`, { method: 'POST' });
    expect(connected.url).toBe(url);
    expect(await connected.text()).toContain('2 accepted · 0 waiting');
    await fetch(`${url}/uninstall`, { method: 'POST' });
    expect(await codeOf(messaging.send({ token, data: {} }))).toBe(
      'messaging/registration-token-not-registered',
    );
  });

  it('are emptied by a device that connects, and shown on a page', async () => {
    await messaging.send({ token: 'phone', data: { text: '<b>' } });
    expect(await (await fetch(emulator.url)).text()).toContain('&lt;b&gt;');
    const taken = await fetch(`${emulator.url}/inbox/phone/take`, { method: 'POST' });
    expect(((await taken.json()) as InboxAnswer).messages).toHaveLength(1);
    expect((await inbox('phone')).messages).toHaveLength(0);
  });
});
