import { Client, credentials, status } from '@grpc/grpc-js';
import fc from 'fast-check';
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
  /** Paths, beside those of luck, that lead to something. */
  readonly paths: readonly string[];
  /** Fields that requests have. */
  readonly fields: readonly string[];
  /** gRPC methods that take one message; by the variable that says where they are. */
  readonly grpc?: { readonly at: string; readonly methods: readonly string[] };
}

const DOCUMENTS = '/v1/projects/demo-p/databases/(default)/documents';

const CASES: Readonly<Record<string, Case>> = {
  auth: {
    start: startAuthEmulator,
    paths: [
      '/identitytoolkit.googleapis.com/v1/accounts:signUp',
      '/identitytoolkit.googleapis.com/v1/accounts:lookup',
      '/identitytoolkit.googleapis.com/v1/projects/demo-p/accounts',
      '/securetoken.googleapis.com/v1/token',
    ],
    fields: ['email', 'password', 'idToken', 'localId', 'customAttributes', 'refresh_token', 'grant_type'],
  },
  bigquery: {
    start: startBigQueryEmulator,
    paths: [
      '/bigquery/v2/projects/demo-p/queries',
      '/bigquery/v2/projects/demo-p/jobs',
      '/bigquery/v2/projects/demo-p/datasets',
      '/bigquery/v2/projects/demo-p/datasets/d/tables',
      '/bigquery/v2/projects/demo-p/datasets/d/tables/t/insertAll',
      '/upload/bigquery/v2/projects/demo-p/jobs?uploadType=multipart',
    ],
    fields: [
      'query',
      'useLegacySql',
      'queryParameters',
      'rows',
      'json',
      'schema',
      'configuration',
      'tableReference',
    ],
    grpc: {
      at: 'BIGQUERY_WRITE_EMULATOR_HOST',
      methods: ['/google.cloud.bigquery.storage.v1.BigQueryWrite/GetWriteStream'],
    },
  },
  fcm: {
    start: startFcmEmulator,
    paths: ['/v1/projects/demo-p/messages:send', '/inbox/phone', '/v1/projects/-/messages:send'],
    fields: ['message', 'token', 'data', 'android', 'apns', 'webpush', 'ttl', 'validate_only'],
  },
  firestore: {
    start: startFirestoreEmulator,
    paths: [`${DOCUMENTS}:commit`, `${DOCUMENTS}:runQuery`, `${DOCUMENTS}:batchGet`, `${DOCUMENTS}/shop/1`],
    fields: [
      'writes',
      'update',
      'fields',
      'structuredQuery',
      'from',
      'where',
      'documents',
      'name',
      'stringValue',
    ],
    grpc: {
      at: 'FIRESTORE_EMULATOR_HOST',
      methods: ['Commit', 'BatchWrite', 'ListCollectionIds', 'GetDocument'].map(
        (name) => `/google.firestore.v1.Firestore/${name}`,
      ),
    },
  },
  pubsub: {
    start: startPubSubEmulator,
    paths: [
      '/v1/projects/demo-p/topics/t',
      '/v1/projects/demo-p/topics/t:publish',
      '/v1/projects/demo-p/subscriptions/s',
      '/v1/projects/demo-p/subscriptions/s:acknowledge',
    ],
    fields: ['messages', 'data', 'attributes', 'orderingKey', 'topic', 'filter', 'ackIds', 'pushConfig'],
    grpc: {
      at: 'PUBSUB_EMULATOR_HOST',
      methods: [
        'Publisher/Publish',
        'Publisher/CreateTopic',
        'Subscriber/Acknowledge',
        'Subscriber/CreateSubscription',
      ].map((name) => `/google.pubsub.v1.${name}`),
    },
  },
  storage: {
    start: startStorageEmulator,
    paths: [
      '/storage/v1/b',
      '/storage/v1/b/c/o',
      '/storage/v1/b/c/o/x?alt=media',
      '/upload/storage/v1/b/c/o?uploadType=media&name=x',
    ],
    fields: ['name', 'contentType', 'metadata', 'md5Hash', 'timeCreated', 'sourceObjects', 'destination'],
  },
  vertex: {
    start: startVertexEmulator,
    paths: [
      '/v1/projects/demo-p/locations/us-central1/endpoints',
      '/v1/projects/demo-p/locations/us-central1/endpoints/1:predict',
      '/v1/projects/demo-p/locations/us-central1/models:upload',
    ],
    fields: ['instances', 'model', 'displayName', 'deployedModel', 'trafficSplit', 'artifactUri'],
    grpc: {
      at: 'VERTEX_EMULATOR_HOST',
      methods: [
        'PredictionService/Predict',
        'EndpointService/CreateEndpoint',
        'ModelService/UploadModel',
      ].map((name) => `/google.cloud.aiplatform.v1.${name}`),
    },
  },
};

const RUNS = 40;
const PATIENCE_MS = 10_000;

/** JSON with the names that the emulator looks for, in places right and wrong. */
function bodies(fields: readonly string[]): fc.Arbitrary<string> {
  const name = fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...fields) }, fc.string({ maxLength: 8 }));
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(
        null,
        true,
        -1,
        1e300,
        '',
        'projects/demo-p/topics/t',
        '2026-11-21T12:00:00Z',
        '__proto__',
      ),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 4 }),
    ),
  }));
  return fc.oneof(
    { weight: 4, arbitrary: fc.dictionary(name, value, { maxKeys: 4 }).map((body) => JSON.stringify(body)) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  );
}

describe.each(Object.entries(CASES))('the %s emulator', (_name, { start, paths, fields, grpc }) => {
  let emulator: RunningEmulator;
  beforeAll(async () => {
    emulator = await start();
  });
  afterAll(() => emulator?.close());

  test('answers any request as its API does, in words, and goes on', async () => {
    const path = fc.oneof(
      { weight: 5, arbitrary: fc.constantFrom(...paths) },
      { weight: 1, arbitrary: fc.webPath().map((tail) => `${paths[0]}${tail}`) },
    );
    const method = fc.constantFrom('POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'GET');
    await fc.assert(
      fc.asyncProperty(method, path, bodies(fields), async (verb, where, body) => {
        const response = await fetch(`${emulator.url}${where}`, {
          method: verb,
          headers: { 'content-type': 'application/json', authorization: 'Bearer owner' },
          ...(verb === 'GET' ? {} : { body }),
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        const text = await response.text();
        // 501 says of a method that there is none here.
        if (response.status !== 501)
          expect([response.status, text]).toEqual([expect.toSatisfy(isNoFault), text]);
      }),
      { numRuns: RUNS },
    );
    expect((await fetch(`${emulator.url}/health`)).status).toBe(200);
  });

  test.skipIf(grpc === undefined)('answers any bytes by gRPC with a status of its own', async () => {
    if (!grpc) return;
    const client = new Client(emulator.env[grpc.at] ?? '', credentials.createInsecure());
    const call = (method: string, bytes: Uint8Array): Promise<number> =>
      new Promise((resolve) => {
        const same = (message: Buffer): Buffer => message;
        const deadline = Date.now() + PATIENCE_MS;
        client.makeUnaryRequest(method, same, same, Buffer.from(bytes), { deadline }, (error) =>
          resolve(error?.code ?? status.OK),
        );
      });
    const broken: number[] = [status.UNKNOWN, status.DEADLINE_EXCEEDED, status.UNAVAILABLE];
    try {
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...grpc.methods),
          fc.uint8Array({ maxLength: 60 }),
          async (method, bytes) => {
            expect(broken).not.toContain(await call(method, bytes));
          },
        ),
        { numRuns: RUNS },
      );
    } finally {
      client.close();
    }
  });
});

function isNoFault(code: unknown): boolean {
  return typeof code === 'number' && code < 500;
}
