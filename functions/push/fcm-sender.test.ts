import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFcmEmulator } from '../../emulators/fcm/index.ts';
import { makeMessaging } from './fcm-app.ts';
import { makeFcmSender } from './fcm-sender.ts';
import { device } from './fixtures.ts';
import type { MessageSender } from './send-messages.ts';

/** By the real Admin SDK, at the emulator. */
let emulator: RunningEmulator;
let sender: MessageSender;

beforeAll(async () => {
  emulator = await startFcmEmulator();
  sender = makeFcmSender(makeMessaging('demo-push', emulator.url), {
    collapseKey: 'recommendations',
    ttlMs: 3_600_000,
    clock: Date.now,
  });
});
afterAll(() => emulator.close());
beforeEach(async () => {
  await fetch(`${emulator.url}/reset`, { method: 'POST' });
});

const fault = (token: string, body: object) =>
  fetch(`${emulator.url}/_emulator/faults/${token}`, { method: 'PUT', body: JSON.stringify(body) });
const to = (token: string, data: Readonly<Record<string, string>> = { type: 'recommendations' }) => ({
  device: device('ada', token),
  data,
});

describe('the FCM sender', () => {
  it('sends data that collapse and expire on every platform', async () => {
    expect(await sender.send([to('phone', { n: '1' }), to('phone', { n: '2' })])).toEqual([
      { kind: 'sent' },
      { kind: 'sent' },
    ]);
    const inbox = (await (await fetch(`${emulator.url}/inbox/phone`)).json()) as { messages: object[] };
    expect(inbox).toMatchObject({ accepted: 2, collapsed: 1 });
    expect(inbox.messages).toMatchObject([
      {
        collapse_key: 'recommendations',
        message: {
          android: { collapse_key: 'recommendations', ttl: '3600s' },
          apns: { headers: { 'apns-collapse-id': 'recommendations', 'apns-push-type': 'background' } },
          webpush: { headers: { TTL: '3600', Topic: 'recommendations' } },
        },
      },
    ]);
  });

  it.each([
    [{ error: 'UNREGISTERED' }, { kind: 'dead' }],
    [{ error: 'INVALID_ARGUMENT' }, { kind: 'dead' }],
    [
      { error: 'QUOTA_EXCEEDED', retry_after: 2 },
      { kind: 'retry', afterMs: 2000 },
    ],
    [{ error: 'INTERNAL' }, { kind: 'retry' }],
    [{ error: 'SENDER_ID_MISMATCH' }, { kind: 'failed' }],
  ])('reads %j as %j, of that token alone', async (error, result) => {
    await fault('bad', error);
    const results = await sender.send([to('good'), to('bad')]);
    expect(results[0]).toEqual({ kind: 'sent' });
    expect(results[1]).toMatchObject(result);
  });

  it('does not take a token for dead because the message is malformed', async () => {
    const [result] = await sender.send([to('phone', { 'google.reserved': 'x' })]);
    expect(result).toMatchObject({ kind: 'failed' });
  });
});
