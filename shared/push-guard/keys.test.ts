import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeIdentity } from '../../emulators/pubsub/push/identity.ts';
import { TransientError } from '../errors.ts';
import { makeKeys } from './keys.ts';

const HOUR = 3_600_000;
const set = makeIdentity(Date.now).keys;
const [id = ''] = set.keys.map(({ kid }) => String(kid));

/** A server of keys that counts who asks, and may be away. */
let server: Server;
let asked = 0;
let isAway = false;
let now = Date.now();
let keysFor: ReturnType<typeof makeKeys>;
beforeEach(async () => {
  [asked, isAway] = [0, false];
  server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(isAway ? 500 : 200).end(JSON.stringify(isAway ? { keys: [] } : set));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  keysFor = makeKeys(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, () => now);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('who asks at once shares one reading, which serves for an hour', async () => {
  const all = await Promise.all(Array.from({ length: 5 }, () => keysFor(id)));
  expect(all.every((keys) => keys[id]?.includes('PUBLIC KEY'))).toBe(true);
  now += HOUR - 1;
  await keysFor(id);
  expect(asked).toBe(1);
  now += 1;
  await keysFor(id);
  expect(asked).toBe(2);
});

test('known keys serve for a day while they cannot be read anew', async () => {
  await keysFor(id);
  isAway = true;
  now += HOUR;
  expect(Object.keys(await keysFor(id))).toEqual([id]);
  await keysFor(id);
  expect(asked).toBe(2);
  await expect(keysFor('another')).rejects.toThrow(TransientError);
  now += 22 * HOUR;
  expect(Object.keys(await keysFor(id))).toEqual([id]);
  now += HOUR;
  await expect(keysFor(id)).rejects.toThrow('the answer was 500');
  isAway = false;
  now += 10_000;
  expect(Object.keys(await keysFor(id))).toEqual([id]);
});

test('an unknown key is looked for, though not by each request, and what every object has is none', async () => {
  for (const name of ['another', 'constructor', 'another'])
    expect(Object.keys(await keysFor(name))).toEqual([id]);
  expect(asked).toBe(1);
  now += 10_000;
  await keysFor('another');
  expect(asked).toBe(2);
});
