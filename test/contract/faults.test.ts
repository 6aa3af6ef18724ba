import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startAuthEmulator } from '../../emulators/auth/index.ts';
import { startBigQueryEmulator } from '../../emulators/bigquery/index.ts';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startFcmEmulator } from '../../emulators/fcm/index.ts';
import { startFirestoreEmulator } from '../../emulators/firestore/index.ts';
import { startPubSubEmulator } from '../../emulators/pubsub/index.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { startVertexEmulator } from '../../emulators/vertex/index.ts';

interface Case {
  readonly start: () => Promise<RunningEmulator>;
  /** A call that is carried out while all is well. */
  readonly call: string;
  readonly body?: object;
  /** The call's name, as faults have it. */
  readonly method: string;
  /** HTTP's status of a quota, in each API's own way. */
  readonly quota: number;
}

const DOCUMENTS = '/v1/projects/demo-p/databases/(default)/documents';

const CASES: Readonly<Record<string, Case>> = {
  auth: {
    start: startAuthEmulator,
    call: '/identitytoolkit.googleapis.com/v1/accounts:signUp?key=any',
    body: { returnSecureToken: true },
    method: 'accounts:signUp',
    quota: 429,
  },
  bigquery: {
    start: startBigQueryEmulator,
    call: '/bigquery/v2/projects/demo-p/queries',
    body: { query: 'SELECT 1', useLegacySql: false },
    method: 'jobs.query',
    quota: 403,
  },
  fcm: {
    start: startFcmEmulator,
    call: '/v1/projects/demo-p/messages:send',
    body: { message: { token: 'phone', data: {} } },
    method: 'send',
    quota: 429,
  },
  firestore: {
    start: startFirestoreEmulator,
    call: `${DOCUMENTS}:commit`,
    body: { writes: [] },
    method: 'Commit',
    quota: 429,
  },
  pubsub: {
    start: startPubSubEmulator,
    call: '/v1/projects/demo-p/topics',
    method: 'ListTopics',
    quota: 429,
  },
  storage: { start: startStorageEmulator, call: '/storage/v1/b?project=demo-p', method: 'GET', quota: 429 },
  vertex: {
    start: startVertexEmulator,
    call: '/v1/projects/demo-p/locations/us-central1/endpoints/1:predict',
    body: { instances: [] },
    method: 'Predict',
    quota: 429,
  },
};

describe.each(Object.entries(CASES))('faults of %s', (name, { start, call, body, method, quota }) => {
  let emulator: RunningEmulator;
  /** What the call is answered while all is well; the Vertex emulator has no model here, which it says. */
  const WELL = name === 'vertex' ? 404 : 200;

  beforeAll(async () => {
    emulator = await start();
  });
  afterAll(() => emulator?.close());

  const make = (): Promise<Response> =>
    fetch(`${emulator.url}${call}`, {
      method: body ? 'POST' : 'GET',
      headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
      signal: AbortSignal.timeout(30_000),
    });
  const set = (settings: object): Promise<Response> =>
    fetch(`${emulator.url}/_emulator/faults`, { method: 'POST', body: JSON.stringify(settings) });

  const told = async () =>
    (await (await fetch(`${emulator.url}/_emulator/faults`)).json()) as { readonly struck: number };

  test('are set, told and healed by the same route', async () => {
    expect((await make()).status).toBe(WELL);
    const fault = { methods: [method], code: 'RESOURCE_EXHAUSTED' };
    expect((await set(fault)).status).toBe(200);
    expect(await told()).toEqual({ faults: [fault], struck: 0 });
    expect((await make()).status).toBe(quota);
    await set({});
    expect((await make()).status).toBe(WELL);
    expect((await set({ code: 'TIRED' })).status).toBe(400);
  });

  test('have the status of HTTP that every API has for them', async () => {
    await set({ methods: [method], code: 'PERMISSION_DENIED' });
    expect((await make()).status).toBe(403);
    await set({});
  });

  test('that hang let go when they are healed', async () => {
    const before = (await told()).struck;
    await set({ methods: [method], hang: true });
    const hung = make();
    await expect.poll(async () => (await told()).struck).toBe(before + 1);
    await set({});
    expect((await hung).status).toBe(503);
  });

  test('end with a reset', async () => {
    await set([{ latency_ms: 1 }, { code: 'UNAVAILABLE' }]);
    expect((await make()).status).toBe(503);
    await fetch(`${emulator.url}/reset`, { method: 'POST' });
    expect((await make()).status).toBe(WELL);
  });
});
