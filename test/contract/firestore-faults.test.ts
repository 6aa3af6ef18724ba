import type { Firestore } from '@google-cloud/firestore';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Fault } from '../../emulators/faults/fault.ts';
import { type FirestoreUnderTest, firestoreCandidates } from '../helpers/firestore-emulators.ts';

/** What the official client makes of faults; Google's emulator has none to set. */
describe("Firestore's faults", () => {
  let emulator: FirestoreUnderTest;
  let db: Firestore;

  beforeAll(async () => {
    const [ours] = await firestoreCandidates();
    if (!ours) throw new Error('this project has a Firestore emulator');
    emulator = await ours.start();
    db = emulator.db;
  });
  afterAll(() => emulator?.close());
  afterEach(() => set({}));

  async function set(settings: Fault): Promise<number> {
    const response = await fetch(`http://${emulator.host}/_emulator/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(settings),
    });
    return response.status;
  }

  it('are got over by trying again', async () => {
    await set({ methods: ['Commit'], code: 'UNAVAILABLE', times: 1 });

    await db.doc('things/a').set({ n: 1 });

    expect((await db.doc('things/a').get()).data()).toEqual({ n: 1 });
  });

  it('reach the application where trying again would not help', async () => {
    await set({ methods: ['Commit'], code: 'PERMISSION_DENIED' });

    await expect(db.doc('things/denied').set({})).rejects.toMatchObject({
      code: 7,
      message: expect.stringContaining('A fault was injected.'),
    });
    await set({});
    expect((await db.doc('things/denied').get()).exists).toBe(false);
  });

  it('leave other methods alone', async () => {
    await set({ methods: ['Commit'], code: 'PERMISSION_DENIED' });

    expect((await db.collection('nothing').get()).empty).toBe(true);
  });

  it('by which connections are reset lose nothing that a listener should hear', async () => {
    const heard: unknown[] = [];
    const stop = db.doc('things/heard').onSnapshot((snapshot) => heard.push(snapshot.data() ?? null));
    await vi.waitUntil(() => heard.length === 1, 10_000);
    await set({ methods: ['Commit'], reset: true, times: 1 });

    // The client cannot know whether the first attempt was carried out: it was.
    await db.doc('things/heard').set({ n: 1 });
    await db.doc('things/heard').set({ n: 2 });
    await vi.waitUntil(() => (heard.at(-1) as { n?: number } | null)?.n === 2, 15_000);

    expect(heard[0]).toBeNull();
    stop();
  });

  it('are refused where they are none', async () => {
    expect(await set({ code: 'TIRED' } as never)).toBe(400);
  });
});
