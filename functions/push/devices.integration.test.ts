import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFcmEmulator } from '../../emulators/fcm/index.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { ownerClient } from '../../emulators/owner-client.ts';
import { silentLogger } from '../../shared/log.ts';
import { makeMessaging } from './fcm-app.ts';
import { makeFcmSender } from './fcm-sender.ts';
import { makeFirestoreDevices } from './firestore-devices.ts';
import { makeFirestoreRecommendations } from './firestore-recommendations.ts';
import { context, NOW, recommendation } from './fixtures.ts';
import { makePush } from './push.ts';
import { makeSendMessages } from './send-messages.ts';
import { makeUpdateScreens } from './update-screens.ts';

const HOUR = 3_600_000;

/** Push as deployed, by the Firestore client and the Firebase Admin SDK, at the emulators; only its clock is the test's. */
describe('push to devices', () => {
  let emulators: readonly RunningEmulator[];
  let fcm: string;
  let firestore: Firestore;
  let now: number;
  let waits: number[];
  let push: ReturnType<typeof makePush>;

  beforeAll(async () => {
    const [store, messages] = await Promise.all([startFirestoreEmulator(), startFcmEmulator()]);
    emulators = [store, messages];
    fcm = messages.url;
    firestore = ownerClient(new URL(store.url).host, 'demo-push');
    const clock = () => now;
    const devices = makeFirestoreDevices(firestore, { absentTtlMs: 0, maxEntries: 100, clock });
    const messaging = makeMessaging('demo-push', fcm);
    push = makePush({
      updateScreens: makeUpdateScreens({
        ...{ screens: makeFirestoreRecommendations(firestore), devices, log: silentLogger, clock },
        catalog: { products: async () => new Map() },
        ...{ keepMs: 24 * HOUR, windowMs: HOUR, maxAgeMs: 60_000, maxRounds: 5 },
      }),
      sendMessages: makeSendMessages({
        sender: makeFcmSender(messaging, { collapseKey: 'recommendations', ttlMs: HOUR, clock: Date.now }),
        ...{ devices, clock, random: () => 0.5, maxAttempts: 4, minBackoffMs: 100, deadlineMs: 30_000 },
        sleep: async (ms) => void waits.push(ms),
      }),
      maxGroup: 100,
      concurrency: 2,
    });
  });
  afterAll(async () => {
    await firestore?.terminate();
    await Promise.all((emulators ?? []).map((emulator) => emulator.close()));
  });
  beforeEach(async () => {
    now = NOW;
    waits = [];
    await Promise.all((emulators ?? []).map(({ url }) => fetch(`${url}/reset`, { method: 'POST' })));
  });

  /** As an app registers itself under the rules. */
  const register = (visitor: string, token: string) =>
    firestore.doc(`devices/${visitor}/tokens/${token}`).set({
      token,
      platform: 'android',
      updated_at: new Date(),
    });
  const tokensOf = async (visitor: string) =>
    (await firestore.collection(`devices/${visitor}/tokens`).get()).docs.map(({ id }) => id);
  const inbox = async (token: string) =>
    (await (await fetch(`${fcm}/inbox/${token}`)).json()) as {
      readonly accepted: number;
      readonly messages: readonly { readonly message: { readonly data: Record<string, string> } }[];
    };
  const fault = (token: string, error: object) =>
    fetch(`${fcm}/_emulator/faults/${token}`, { method: 'PUT', body: JSON.stringify(error) });
  const shown = (visitor: string, offset: number) => push([recommendation(visitor, offset)], context);

  it('reaches every device of the visitor, and nobody else’s', async () => {
    await Promise.all([register('ada', 'phone'), register('ada', 'tablet'), register('bob', 'bobs')]);
    const result = await shown('ada', -100);
    expect(result.metrics).toMatchObject({ notified: 2, notify_failed: 0, tokens_removed: 0 });
    expect((await inbox('phone')).messages.map(({ message }) => message.data)).toEqual([
      expect.objectContaining({ recommendation_id: 'ada@-100', item_ids: '["shoe"]' }),
    ]);
    expect([(await inbox('tablet')).accepted, (await inbox('bobs')).accepted]).toEqual([1, 0]);
  });

  it('once per window, however often the visitor clicks, and again in the next', async () => {
    await register('ada', 'phone');
    for (const offset of [-500, -400, -300]) await shown('ada', offset);
    expect((await inbox('phone')).accepted).toBe(1);
    now = NOW + HOUR - 1;
    await shown('ada', HOUR - 100);
    expect((await inbox('phone')).accepted).toBe(1);
    now = NOW + HOUR;
    await shown('ada', HOUR - 50);
    expect((await inbox('phone')).accepted).toBe(2);
  });

  it('once per window, also where batches and a redelivery come at the same time', async () => {
    await register('ada', 'phone');
    const batches = [-500, -400, -400, -300].map((offset) => shown('ada', offset));
    await Promise.all(batches);
    expect((await inbox('phone')).accepted).toBe(1);
  });

  it.each([['UNREGISTERED'], ['INVALID_ARGUMENT']])(
    'removes a token that is %s, and keeps the others',
    async (error) => {
      await Promise.all([register('ada', 'gone'), register('ada', 'phone')]);
      await fault('gone', { error });
      const result = await shown('ada', -100);
      expect(result.metrics).toMatchObject({ notified: 1, notify_failed: 0, tokens_removed: 1 });
      expect(await tokensOf('ada')).toEqual(['phone']);
    },
  );

  it('tries a quota again, after the time that FCM asks for', async () => {
    await register('ada', 'phone');
    await fault('phone', { error: 'QUOTA_EXCEEDED', times: 2, retry_after: 3 });
    const result = await shown('ada', -100);
    expect(result.metrics).toMatchObject({ notified: 1, notify_failed: 0 });
    expect(waits).toEqual([3000, 3000]);
    expect((await inbox('phone')).accepted).toBe(1);
  });

  it('tries a server’s error again with growing waits, and gives up within bounds', async () => {
    await Promise.all([register('ada', 'phone'), register('bob', 'broken')]);
    await fault('phone', { error: 'INTERNAL', times: 2 });
    await fault('broken', { error: 'INTERNAL' });
    const result = await push([recommendation('ada', -100), recommendation('bob', -100)], context);
    expect(result).toMatchObject({ out: 2, metrics: { notified: 1, notify_failed: 1, tokens_removed: 0 } });
    expect(waits).toEqual([50, 100, 200]);
    expect(await tokensOf('bob')).toEqual(['broken']);
  });

  it('leaves 503 to the Admin SDK, which tries it again itself', async () => {
    await register('ada', 'phone');
    await fault('phone', { error: 'UNAVAILABLE', times: 1 });
    expect((await shown('ada', -100)).metrics).toMatchObject({ notified: 1, notify_failed: 0 });
    expect(waits).toEqual([]);
  });
});
