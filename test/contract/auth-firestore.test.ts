import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAuthEmulator } from '../../emulators/auth/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator as startOurs } from '../../emulators/firestore/index.ts';
import { startFirestoreEmulator as startGoogles } from '../../emulators/google/firestore.ts';
import { whyNoGoogleEmulators } from '../helpers/google-emulators.ts';

const why = await whyNoGoogleEmulators();
const PROJECT = 'demo-auth-rules';

/** Firestore's emulators, under this project's rules, take the tokens of the auth emulator. */
describe.each([
  ['our emulator', undefined, () => startOurs()],
  [`Google's${why ? ` (skipped: ${why})` : ''}`, why, () => startGoogles({ project: PROJECT })],
])("a visitor's token at %s", (_name, missing, startFirestore) => {
  let auth: RunningEmulator;
  let firestore: RunningEmulator;
  beforeAll(async () => {
    if (missing) return;
    [auth, firestore] = await Promise.all([startAuthEmulator({ project: PROJECT }), startFirestore()]);
  });
  afterAll(() => Promise.all([auth?.close(), firestore?.close()]));

  const signUp = async () => {
    const url = `${auth.url}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=any`;
    const response = await fetch(url, { method: 'POST', body: '{"returnSecureToken":true}' });
    return (await response.json()) as { localId: string; idToken: string };
  };
  const ask = (method: string, visitor: string, token?: string): Promise<Response> =>
    fetch(
      `${firestore.url}/v1/projects/${PROJECT}/databases/(default)/documents/recommendations/${visitor}`,
      {
        method,
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        ...(method === 'PATCH' ? { body: '{"fields":{}}' } : {}),
      },
    );

  it.skipIf(missing)('reads that visitor’s recommendations, and nothing else', async () => {
    const [ada, bob] = await Promise.all([signUp(), signUp()]);
    expect((await ask('PATCH', ada.localId, 'owner')).status).toBe(200);
    const statuses = await Promise.all([
      ask('GET', ada.localId, ada.idToken),
      ask('GET', ada.localId, bob.idToken),
      ask('GET', ada.localId),
      ask('PATCH', ada.localId, ada.idToken),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([200, 403, 403, 403]);
  });
});
