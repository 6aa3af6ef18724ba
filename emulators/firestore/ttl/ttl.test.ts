import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Backend } from '../backend.ts';
import { makeMemoryBackend } from '../memory/memory-backend.ts';
import type { Value } from '../values.ts';
import { openTtlPolicies } from './policy-file.ts';
import { makeTtlRoutes } from './routes.ts';

const DATABASE = 'projects/p/databases/(default)';
const FIELD = `/v1/${DATABASE}/collectionGroups/screens/fields/meta.expires_at`;

describe('TTL policies', () => {
  let folder: string;
  let backend: Backend;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ttl-'));
    backend = makeMemoryBackend();
  });
  afterEach(() => rm(folder, { recursive: true }));

  const start = () => makeTtlRoutes(backend, openTtlPolicies(join(folder, 'ttl.json')));
  const patch = (body: object) => ({
    method: 'PATCH',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });

  async function put(path: string, expires: Value | undefined): Promise<void> {
    const meta: Value = { kind: 'map', fields: new Map(expires ? [['expires_at', expires]] : []) };
    await backend.commit(DATABASE, [
      {
        kind: 'set',
        name: `${DATABASE}/documents/${path}`,
        fields: new Map([['meta', meta]]),
        transforms: [],
      },
    ]);
  }

  const at = (offsetSeconds: number): Value => ({
    kind: 'timestamp',
    micros: BigInt(Date.now() + offsetSeconds * 1000) * 1000n,
  });

  const left = async (collectionId: string) => {
    const parent = `${DATABASE}/documents`;
    const { documents } = await backend.query({
      parent,
      collectionId,
      allDescendants: true,
      orderBy: [],
      offset: 0,
    });
    return documents.map(({ name }) => name.slice(parent.length + 1));
  };

  it('have documents go whose time has passed, wherever their collection is', async () => {
    const routes = start();
    await put('screens/past', at(-1));
    await put('shops/a/screens/past', at(-1));
    await put('screens/future', at(3600));
    await put('screens/text', { kind: 'string', value: '2001-01-01' });
    await put('screens/none', undefined);
    await put('others/past', at(-1));
    expect((await routes.request(FIELD, patch({ ttlConfig: {} }))).status).toBe(200);

    const swept = await routes.request('/_emulator/ttl/sweep', { method: 'POST' });

    expect(await swept.json()).toEqual({ deleted: 2 });
    expect(await left('screens')).toEqual(['screens/future', 'screens/none', 'screens/text']);
    expect(await left('others')).toEqual(['others/past']);
  });

  it('are told, kept between runs, and taken back', async () => {
    await start().request(`${FIELD}?updateMask=ttlConfig`, patch({ ttlConfig: {} }));
    const later = start();

    const list = `/v1/${DATABASE}/collectionGroups/-/fields?filter=ttlConfig:*`;
    const name = FIELD.slice('/v1/'.length);
    const active = { name, ttlConfig: { state: 'ACTIVE' } };
    expect(await (await later.request(FIELD)).json()).toEqual(active);
    expect(await (await later.request(list)).json()).toEqual({ fields: [active] });

    await later.request(`${FIELD}?updateMask=ttlConfig`, patch({}));
    expect(await (await later.request(FIELD)).json()).toEqual({ name });
    expect(await (await start().request(list)).json()).toEqual({ fields: [] });
  });

  it('refuse what an emulator without indexes cannot do', async () => {
    const answer = await start().request(`${FIELD}?updateMask=indexConfig`, patch({ indexConfig: {} }));

    expect(answer.status).toBe(400);
  });
});
