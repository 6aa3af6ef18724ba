import { type Firestore, Timestamp } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { ownerClient } from '../../emulators/owner-client.ts';
import { silentLogger } from '../../shared/log.ts';
import { makeFirestoreDevices } from './firestore-devices.ts';
import { makeFirestoreRecommendations } from './firestore-recommendations.ts';
import { at, makeMemoryScreens, NOW, recommendation } from './fixtures.ts';
import { makeScreen } from './screen.ts';
import { makeUpdateScreens, type Screens } from './update-screens.ts';

const screenOf = (visitor: string, offset: number, notifies = false) =>
  makeScreen(recommendation(visitor, offset), { now: NOW, keepMs: 1000, products: new Map(), notifies });

describe('push on Firestore', () => {
  let emulator: RunningEmulator;
  let firestore: Firestore;
  beforeAll(async () => {
    emulator = await startFirestoreEmulator();
    firestore = ownerClient(new URL(emulator.url).host, 'demo-push');
  });
  afterAll(async () => {
    await firestore?.terminate();
    await emulator?.close();
  });

  // The fake that unit tests use is held to the same behaviour.
  describe.each([
    ['Firestore', () => makeFirestoreRecommendations(firestore)],
    ['memory', () => makeMemoryScreens()],
  ] as const)('screens in %s', (_name, make) => {
    const setUp = (): Screens => make();

    it('are read as they were written, under ids of any form', async () => {
      const screens = setUp();
      const visitors = ['plain', 'with/slash', '__reserved__', '測'];
      const writes = visitors.map((visitorId) => ({
        visitorId,
        screen: screenOf(visitorId, -70, visitorId === 'plain'),
        version: undefined,
      }));
      expect(await screens.write(writes)).toEqual(new Set());
      const shown = await screens.read([...visitors, 'absent']);
      expect([...shown.keys()]).toEqual(visitors);
      expect(shown.get('plain')).toMatchObject({
        eventTime: NOW - 70,
        generatedAt: NOW + 30,
        notifiedAt: NOW,
      });
      expect(shown.get('測')).not.toHaveProperty('notifiedAt');
    });

    it('refuse a write for a state that is past, each visitor alone', async () => {
      const screens = setUp();
      const write = (visitorId: string, offset: number, version: string | undefined, notifies = false) => ({
        visitorId,
        screen: screenOf(visitorId, offset, notifies),
        version,
      });
      await screens.write([write('x', -9, undefined, true), write('y', -9, undefined)]);
      const first = await screens.read(['x', 'y']);
      expect(await screens.write([write('x', -8, first.get('x')?.version)])).toEqual(new Set());
      const conflicts = await screens.write([
        write('x', -7, first.get('x')?.version),
        write('y', -7, first.get('y')?.version),
        write('z', -7, '1.0'),
      ]);
      expect(conflicts).toEqual(new Set(['x', 'z']));
      expect(await screens.write([write('x', -6, undefined)])).toEqual(new Set(['x']));
      const shown = await screens.read(['x', 'y', 'z']);
      expect([shown.get('x')?.eventTime, shown.get('y')?.eventTime]).toEqual([NOW - 8, NOW - 7]);
      expect(shown.has('z')).toBe(false);
      expect(shown.get('x')?.notifiedAt).toBe(NOW);
    });
  });

  it('shows no experiment any more once one has ended', async () => {
    const screens = makeFirestoreRecommendations(firestore);
    const document = firestore.doc('recommendations/tried');
    const experiment = { name: 'diversity', arm: 'b' };
    const shown = { ...screenOf('tried', -9, true), experiment };
    await screens.write([{ visitorId: 'tried', screen: shown, version: undefined }]);
    expect((await document.get()).get('experiment')).toEqual(experiment);
    const { version } = (await screens.read(['tried'])).get('tried') ?? {};
    await screens.write([{ visitorId: 'tried', screen: screenOf('tried', -8), version }]);
    const after = (await document.get()).data();
    expect(after).not.toHaveProperty('experiment');
    expect(after).toMatchObject({ notified_at: shown.notified_at, written_at: shown.written_at });
  });

  it('keeps the expiry as a Timestamp, for the TTL policy', async () => {
    await makeFirestoreRecommendations(firestore).write([
      { visitorId: 'ttl', screen: screenOf('ttl', 0), version: undefined },
    ]);
    const document = await firestore.doc('recommendations/ttl').get();
    expect(document.get('expires_at')).toEqual(Timestamp.fromMillis(NOW + 1000));
    expect(document.get('generated_at')).toBe(at(100));
  });

  it('ends with the newest whatever instances do at the same time', async () => {
    const save = makeUpdateScreens({
      screens: makeFirestoreRecommendations(firestore),
      devices: undefined,
      catalog: { products: async () => new Map() },
      log: silentLogger,
      clock: () => NOW,
      keepMs: 1000,
      windowMs: 0,
      maxAgeMs: 0,
      maxRounds: 50,
    });
    const visitors = ['p', 'q', 'r'];
    await Promise.all(
      Array.from({ length: 8 }, (_, instance) =>
        save(
          visitors.map((visitor, index) => recommendation(visitor, -((instance * 3 + index * 5) % 8) - 1)),
        ),
      ),
    );
    for (const visitor of visitors) {
      const document = await firestore.doc(`recommendations/${visitor}`).get();
      expect(document.get('recommendation_id')).toBe(`${visitor}@-1`);
    }
  });

  it('finds devices, remembers who has none, and removes only what was not renewed', async () => {
    let now = NOW;
    const devices = makeFirestoreDevices(firestore, { absentTtlMs: 1000, maxEntries: 10, clock: () => now });
    const tokensOf = (visitor: string) => firestore.collection(`devices/${visitor}/tokens`);
    const register = (visitor: string, id: string, time: number) =>
      tokensOf(visitor)
        .doc(id)
        .set({ token: `t-${id}`, platform: 'web', updated_at: new Date(time) });
    const found = async () =>
      [...(await devices.find(['ada', 'bob']))].map(([visitor, each]) => [
        visitor,
        each.map(({ token }) => token),
      ]);

    expect(await found()).toEqual([]);
    await register('ada', 'old', NOW - 1);
    await register('ada', 'new', NOW);
    expect(await found(), 'a shop without any device is not looked up').toEqual([]);
    now += 1000;
    expect(await found()).toEqual([['ada', ['t-new', 't-old']]]);
    await register('bob', 'first', NOW);
    expect(await found(), 'a visitor without any is not looked up').toEqual([['ada', ['t-new', 't-old']]]);
    now += 1000;
    const both = await devices.find(['ada', 'bob']);
    expect([...both.keys()]).toEqual(['ada', 'bob']);

    await register('ada', 'new', NOW + 1);
    await devices.remove(both.get('ada') ?? []);
    expect((await tokensOf('ada').get()).docs.map(({ id }) => id)).toEqual(['new']);
  });
});
