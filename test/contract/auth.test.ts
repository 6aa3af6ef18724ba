import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { initializeApp } from 'firebase-admin/app';
import { type Auth, getAuth } from 'firebase-admin/auth';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startAuthEmulator } from '../../emulators/auth/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';

/** The Admin SDK, and requests as the web SDK makes them, against the emulator. */
const PROJECT = 'demo-test';
let emulator: RunningEmulator;
let auth: Auth;

beforeAll(async () => {
  emulator = await startAuthEmulator({ project: PROJECT });
  vi.stubEnv('FIREBASE_AUTH_EMULATOR_HOST', emulator.env.FIREBASE_AUTH_EMULATOR_HOST);
  auth = getAuth(initializeApp({ projectId: PROJECT }, 'auth-contract'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await emulator.close();
});
beforeEach(async () => {
  await fetch(`${emulator.url}/reset`, { method: 'POST' });
});

interface SignIn {
  readonly localId: string;
  readonly idToken: string;
  readonly refreshToken: string;
  readonly expiresIn: string;
}
const call = async (method: string, body: object, base = emulator.url) => {
  const response = await fetch(`${base}/identitytoolkit.googleapis.com/v1/accounts:${method}?key=any`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const signUp = async (base = emulator.url): Promise<SignIn> =>
  (await call('signUp', { returnSecureToken: true }, base)).body as unknown as SignIn;
const refresh = async (refreshToken: string, base = emulator.url) => {
  const response = await fetch(`${base}/securetoken.googleapis.com/v1/token?key=any`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken }).toString(),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('an anonymous visitor', () => {
  it('signs up with a token that the Admin SDK verifies', async () => {
    const { idToken, localId, expiresIn } = await signUp();
    expect(localId).toMatch(/^[A-Za-z0-9]{28}$/);
    expect(expiresIn).toBe('3600');
    const claims = await auth.verifyIdToken(idToken, true);
    expect(claims).toMatchObject({
      uid: localId,
      sub: localId,
      aud: PROJECT,
      iss: `https://securetoken.google.com/${PROJECT}`,
      provider_id: 'anonymous',
      firebase: { sign_in_provider: 'anonymous' },
    });
  });

  it('is looked up by its token, and by the Admin SDK', async () => {
    const { idToken, localId } = await signUp();
    const { body } = await call('lookup', { idToken });
    expect(body.users).toMatchObject([{ localId, createdAt: expect.stringMatching(/^\d+$/) }]);
    const user = await auth.getUser(localId);
    expect(user).toMatchObject({ uid: localId, disabled: false, providerData: [] });
    expect(Date.parse(user.metadata.creationTime)).toBeGreaterThan(0);
  });

  it('refreshes its token and stays the same', async () => {
    const first = await signUp();
    const { body } = await refresh(first.refreshToken);
    expect(body).toMatchObject({ user_id: first.localId, project_id: PROJECT, token_type: 'Bearer' });
    expect((await auth.verifyIdToken(String(body.id_token))).uid).toBe(first.localId);
  });

  it('deletes its account; its tokens end', async () => {
    const { idToken, refreshToken, localId } = await signUp();
    expect((await call('delete', { idToken })).status).toBe(200);
    await expect(auth.getUser(localId)).rejects.toMatchObject({ code: 'auth/user-not-found' });
    expect((await call('lookup', { idToken })).body).toMatchObject({ error: { message: 'USER_NOT_FOUND' } });
    expect((await refresh(refreshToken)).body).toMatchObject({ error: { message: 'USER_NOT_FOUND' } });
  });

  it.each([
    ['lookup', { idToken: 'nonsense' }, 'INVALID_ID_TOKEN'],
    ['lookup', {}, 'INVALID_ID_TOKEN'],
    ['signInWithCustomToken', { token: 'a.b.c' }, 'INVALID_CUSTOM_TOKEN'],
    ['signUp', { email: 'a@b.c', password: 'x' }, expect.stringContaining('OPERATION_NOT_ALLOWED')],
  ])('is refused: %s %j', async (method, body, message) => {
    expect(await call(method, body)).toMatchObject({ status: 400, body: { error: { code: 400, message } } });
  });

  it('may ask from any page', async () => {
    const response = await fetch(`${emulator.url}/identitytoolkit.googleapis.com/v1/accounts:signUp?key=x`, {
      method: 'OPTIONS',
      headers: {
        origin: 'http://localhost:5173',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,x-client-version',
      },
    });
    expect(response.ok).toBe(true);
    expect(response.headers.get('access-control-allow-origin')).toBe('http://localhost:5173');
    expect(response.headers.get('access-control-allow-headers')).toContain('x-client-version');
  });
});

describe('the Admin SDK', () => {
  it('makes custom tokens that sign in, with claims', async () => {
    const token = await auth.createCustomToken('visitor-1', { tier: 'gold' });
    const { body } = await call('signInWithCustomToken', { token, returnSecureToken: true });
    expect(body.isNewUser).toBe(true);
    expect(await auth.verifyIdToken(String(body.idToken))).toMatchObject({
      uid: 'visitor-1',
      tier: 'gold',
      firebase: { sign_in_provider: 'custom' },
    });
  });

  it('creates, changes, lists and deletes users', async () => {
    await auth.createUser({ uid: 'u1', displayName: 'One' });
    await expect(auth.createUser({ uid: 'u1' })).rejects.toMatchObject({ code: 'auth/uid-already-exists' });
    for (const uid of ['u2', 'u3']) await auth.createUser({ uid });
    await auth.setCustomUserClaims('u1', { role: 'buyer' });
    await auth.updateUser('u2', { disabled: true });
    expect(await auth.getUser('u1')).toMatchObject({ displayName: 'One', customClaims: { role: 'buyer' } });
    expect((await auth.getUser('u2')).disabled).toBe(true);
    const first = await auth.listUsers(2);
    const second = await auth.listUsers(2, first.pageToken);
    expect([...first.users, ...second.users].map(({ uid }) => uid)).toEqual(['u1', 'u2', 'u3']);
    await auth.deleteUser('u1');
    await auth.deleteUsers(['u2', 'u3']);
    expect((await auth.listUsers()).users).toEqual([]);
  });

  it('revokes refresh tokens', async () => {
    const { localId, refreshToken } = await signUp();
    const later = Date.now() + 5000;
    vi.useFakeTimers({ now: later, toFake: ['Date'] });
    try {
      await auth.revokeRefreshTokens(localId);
      expect((await refresh(refreshToken)).body).toMatchObject({ error: { message: 'TOKEN_EXPIRED' } });
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('the emulator', () => {
  it('removes all accounts of a project', async () => {
    const { localId } = await signUp();
    await fetch(`${emulator.url}/emulator/v1/projects/${PROJECT}/accounts`, { method: 'DELETE' });
    await expect(auth.getUser(localId)).rejects.toMatchObject({ code: 'auth/user-not-found' });
  });

  it('keeps accounts between runs', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'nextclick-auth-'));
    try {
      const before = await startAuthEmulator({ project: PROJECT, dataDir });
      const kept = await signUp(before.url);
      const gone = await signUp(before.url);
      await call('delete', { idToken: gone.idToken }, before.url);
      await before.close();
      const after = await startAuthEmulator({ project: PROJECT, dataDir });
      expect((await refresh(kept.refreshToken, after.url)).status).toBe(200);
      expect((await refresh(gone.refreshToken, after.url)).status).toBe(400);
      await after.close();
    } finally {
      await rm(dataDir, { recursive: true });
    }
  });
});
