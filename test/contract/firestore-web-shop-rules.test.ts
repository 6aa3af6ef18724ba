import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFirestoreEmulator as startOurs } from '../../emulators/firestore/index.ts';
import { startFirestoreEmulator as startGoogles } from '../../emulators/google/firestore.ts';
import { whyNoGoogleEmulators } from '../helpers/google-emulators.ts';

const PROJECT = 'demo-shop-rules';
const DOCUMENTS = `projects/${PROJECT}/databases/(default)/documents`;
const RULES = new URL('../../infra/firestore.rules', import.meta.url);

const why = await whyNoGoogleEmulators();
const EMULATORS = [
  { name: 'our', skip: undefined, start: () => startOurs() },
  { name: 'Google’s', skip: why, start: () => startGoogles({ project: PROJECT }) },
];

type Fields = Readonly<Record<string, unknown>>;
const NOW = 'the time of the request';
const device: Fields = { token: { stringValue: 'abc' }, platform: { stringValue: 'web' }, updated_at: NOW };
const bearer = (uid: string): string =>
  `Bearer e30.${Buffer.from(JSON.stringify({ sub: uid, user_id: uid })).toString('base64url')}.`;

/** A write as the SDKs send it, with server timestamps apart. */
function set(path: string, fields: Fields): unknown {
  const plain = Object.entries(fields).filter(([, value]) => value !== NOW);
  const stamped = Object.entries(fields).filter(([, value]) => value === NOW);
  return {
    update: { name: `${DOCUMENTS}/${path}`, fields: Object.fromEntries(plain) },
    updateTransforms: stamped.map(([fieldPath]) => ({ fieldPath, setToServerValue: 'REQUEST_TIME' })),
  };
}

type Ask = { readonly get: string } | { readonly list: string } | { readonly write: unknown };
const remove = (path: string): Ask => ({ write: { delete: `${DOCUMENTS}/${path}` } });
const MINE = 'devices/ada/tokens/t1';

/** Who asks for what, and whether the shop's rules let them. */
const CASES: readonly (readonly [what: string, who: string | undefined, ask: Ask, allowed: boolean])[] = [
  ['their recommendations', 'ada', { get: 'recommendations/ada' }, true],
  ['another’s recommendations', 'bob', { get: 'recommendations/ada' }, false],
  ['recommendations, signed out', undefined, { get: 'recommendations/ada' }, false],
  ['everyone’s recommendations', 'ada', { list: 'recommendations' }, false],
  ['to write recommendations', 'ada', { write: set('recommendations/ada', {}) }, false],
  ['to delete recommendations', 'ada', remove('recommendations/ada'), false],
  ['what goes with a product, signed out', undefined, { get: 'related/sku-1' }, true],
  ['all that goes together', 'ada', { list: 'related' }, false],
  ['to write what goes together', 'ada', { write: set('related/sku-1', {}) }, false],
  ['to register a device', 'ada', { write: set(MINE, device) }, true],
  ['to register it again', 'ada', { write: set(MINE, device) }, true],
  ['to register another’s device', 'bob', { write: set(MINE, device) }, false],
  ['to register a device, signed out', undefined, { write: set(MINE, device) }, false],
  ['a device with more', 'ada', { write: set(MINE, { ...device, admin: { booleanValue: true } }) }, false],
  ['a device without platform', 'ada', { write: set(MINE, { token: device.token, updated_at: NOW }) }, false],
  ['an unknown platform', 'ada', { write: set(MINE, { ...device, platform: { stringValue: 'tv' } }) }, false],
  ['no token', 'ada', { write: set(MINE, { ...device, token: { stringValue: '' } }) }, false],
  ['a token that is none', 'ada', { write: set(MINE, { ...device, token: { integerValue: '1' } }) }, false],
  [
    'a long token',
    'ada',
    { write: set(MINE, { ...device, token: { stringValue: 'x'.repeat(4096) } }) },
    true,
  ],
  [
    'too long a token',
    'ada',
    { write: set(MINE, { ...device, token: { stringValue: 'x'.repeat(4097) } }) },
    false,
  ],
  [
    'a time of their own',
    'ada',
    { write: set(MINE, { ...device, updated_at: { timestampValue: '2026-01-01T00:00:00Z' } }) },
    false,
  ],
  ['their device', 'ada', { get: MINE }, true],
  ['their devices', 'ada', { list: 'devices/ada/tokens' }, true],
  ['another’s devices', 'bob', { list: 'devices/ada/tokens' }, false],
  ['another’s device gone', 'bob', remove(MINE), false],
  ['their device gone', 'ada', remove(MINE), true],
  ['a device without uid', undefined, { get: MINE }, false],
  ['another’s device', 'bob', { get: MINE }, false],
  ['who has devices', 'ada', { list: 'devices' }, false],
  ['profiles', 'ada', { get: 'profiles/ada' }, false],
  ['to write a profile', 'ada', { write: set('profiles/ada', {}) }, false],
  ['the catalogue', 'ada', { get: 'catalog/shoe' }, false],
  ['the model', 'ada', { get: 'models/current' }, false],
  ['loads', 'ada', { list: 'loads' }, false],
  ['who was forgotten', 'ada', { list: 'forgotten' }, false],
  ['anything else', 'ada', { write: set('other/ada', {}) }, false],
];

describe.each(EMULATORS)('the shop’s rules under $name emulator', { timeout: 60_000 }, ({ skip, start }) => {
  describe.skipIf(skip)(skip ? `skipped: ${skip}` : 'running', () => {
    let emulator: RunningEmulator;
    beforeAll(async () => {
      emulator = await start();
      const content = await readFile(RULES, 'utf8');
      const path = `/emulator/v1/projects/${PROJECT}:securityRules`;
      expect(await send('PUT', path, { rules: { files: [{ name: 'firestore.rules', content }] } })).toBe(200);
    });
    afterAll(() => emulator?.close());

    async function send(method: string, path: string, body?: unknown, who?: string): Promise<number> {
      const response = await fetch(`${emulator.url}${path}`, {
        method,
        headers: {
          'content-type': 'application/json',
          ...(who === undefined ? {} : { authorization: bearer(who) }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      await response.arrayBuffer();
      return response.status;
    }

    it.each(CASES)('%s, asked by %s', async (_, who, ask, allowed) => {
      const status =
        'write' in ask
          ? await send('POST', `/v1/${DOCUMENTS}:commit`, { writes: [ask.write] }, who)
          : await send('GET', `/v1/${DOCUMENTS}/${'get' in ask ? ask.get : ask.list}`, undefined, who);
      // A document that may be read need not be there.
      expect(allowed ? [200, 404] : [403]).toContain(status);
    });
  });
});
