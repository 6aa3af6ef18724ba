import type { Firestore } from '@google-cloud/firestore';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { ownerClient } from '../../emulators/owner-client.ts';
import { applyEnrichments } from './enrichments.ts';
import { makeFirestoreProfiles } from './firestore-profiles.ts';
import { NOW, rawEvent, SETTINGS } from './fixtures.ts';
import { makeHistories } from './history/histories.ts';
import { joinEvents, type Profile } from './history/profile.ts';

const project = 'demo-enrich';

const profile: Profile = {
  first_seen: NOW,
  events: [
    { event_id: 'e1', at: NOW, event_name: 'view_item', items: [{ item_id: 'shoe', category: 'Shoes' }] },
  ],
  sessions: [{ id: 's1', start: NOW, end: NOW }],
  link: { user_key: 'ada', at: NOW },
};

describe('profiles in Firestore', () => {
  let emulator: RunningEmulator;
  let firestore: Firestore;

  beforeAll(async () => {
    emulator = await startFirestoreEmulator();
    firestore = ownerClient(new URL(emulator.url).host, project);
  });
  afterAll(async () => {
    await firestore?.terminate();
    await emulator?.close();
  });

  test('what is written is read, under ids of any form', async () => {
    const profiles = makeFirestoreProfiles(firestore);
    const keys = ['plain', 'with/slash', '__reserved__', '測'];
    const changes = keys.map((key) => ({ key, profile, version: undefined }));
    expect(await profiles.write(changes)).toEqual(new Set());
    const read = await profiles.read([...keys, 'absent']);
    expect([...read.keys()]).toEqual(keys);
    expect(read.get('with/slash')?.profile).toEqual(profile);
  });

  test('a write under an old version, or to a document that exists already, is a conflict', async () => {
    const profiles = makeFirestoreProfiles(firestore);
    await profiles.write([{ key: 'contended', profile, version: undefined }]);
    const version = (await profiles.read(['contended'])).get('contended')?.version;
    const changed = { ...profile, first_seen: NOW - 1 };
    expect(await profiles.write([{ key: 'contended', profile: changed, version }])).toEqual(new Set());
    expect(await profiles.write([{ key: 'contended', profile, version }])).toEqual(new Set(['contended']));
    expect(await profiles.write([{ key: 'contended', profile, version: undefined }])).toEqual(
      new Set(['contended']),
    );
    expect((await profiles.read(['contended'])).get('contended')?.profile).toEqual(changed);
  });

  test('instances that write one person at the same time lose nothing', async () => {
    const events = Array.from({ length: 40 }, (_, n) =>
      applyEnrichments(
        { raw: rawEvent({ anonymous_id: 'hot' }, -n), products: new Map(), settings: SETTINGS },
        new Date(NOW).toISOString(),
      ),
    );
    const instances = Array.from({ length: 8 }, () =>
      makeHistories({
        profiles: makeFirestoreProfiles(firestore),
        maxAttempts: 50,
        sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
        random: Math.random,
      }),
    );
    const groups = instances.map((_, n) => events.slice(n * 5, n * 5 + 5));
    await Promise.all(
      instances.map((enter, n) => enter((groups[n] ?? []).map((event) => ({ event, hasOwnSession: false })))),
    );
    const stored = (await makeFirestoreProfiles(firestore).read(['hot'])).get('hot')?.profile;
    expect(stored?.events.map((event) => event.event_id).sort()).toEqual(
      events.map((event) => event.event_id).sort(),
    );
    expect(stored?.events).toEqual(joinEvents([], stored?.events ?? []));
  });
});
