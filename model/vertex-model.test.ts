import { type handleUnaryCall, Metadata, Server, ServerCredentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadProtos, type Plain } from '../emulators/protos.ts';
import { fromValue, toValue } from '../emulators/vertex/grpc/values.ts';
import { makeCircuitBreaker } from '../functions/recommend/circuit-breaker.ts';
import { viewed } from '../functions/recommend/fixtures.ts';
import type { Json } from '../shared/json.ts';
import { type InstanceInput, PREDICT_MAX_BYTES, type Prediction } from './protocol.ts';
import { makeVertexModel, type VertexModel } from './vertex-model.ts';

const UNAVAILABLE = 14;
const ENDPOINT = 'projects/p/locations/us-central1/endpoints/7';

/** What the endpoint does with one call: answers, refuses, or says nothing. */
type Behaviour = 'answer' | 'refuse' | 'silence' | 'short';

/** The client library against an endpoint that misbehaves as told. */
describe('the model behind a Vertex AI endpoint', () => {
  let server: Server;
  let model: VertexModel;
  let behaviours: Behaviour[];
  let calls: { readonly endpoint: string; readonly instances: readonly Json[]; readonly bytes: number }[];

  const protos = loadProtos('@google-cloud/aiplatform/build/protos/protos.json');
  const { Predict } = protos.service('google.cloud.aiplatform.v1.PredictionService');
  if (!Predict) throw new Error('the protos know no Predict');

  const predict: handleUnaryCall<Plain, Plain> = ({ request }, answer) => {
    const instances = ((request.instances ?? []) as readonly Plain[]).map(fromValue);
    const behaviour = behaviours.shift() ?? 'answer';
    calls.push({
      endpoint: String(request.endpoint),
      instances,
      bytes: Predict.requestSerialize(request).length,
    });
    if (behaviour === 'silence') return;
    if (behaviour === 'refuse') {
      answer({ name: 'E', message: 'no', code: UNAVAILABLE, details: 'no', metadata: new Metadata() });
      return;
    }
    const predictions = instances.map((_, index) =>
      toValue({
        model_version: 'm1',
        source: 'model',
        items: [{ item_id: `item-${index}`, score: 0.5, reason: { kind: 'popular' } }],
      }),
    );
    answer(null, { predictions: behaviour === 'short' ? predictions.slice(1) : predictions });
  };
  beforeAll(async () => {
    server = new Server({ 'grpc.max_receive_message_length': -1 });
    server.addService({ Predict }, { Predict: predict });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    vi.stubEnv('VERTEX_EMULATOR_HOST', `127.0.0.1:${port}`);
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.forceShutdown();
  });

  const connect = (timeoutMs: number): VertexModel =>
    makeVertexModel({
      project: 'p',
      location: 'us-central1',
      timeoutMs,
      breaker: makeCircuitBreaker({ failures: 2, openMs: 60_000, clock: () => 0 }),
    });

  beforeEach(() => {
    behaviours = [];
    calls = [];
    model = connect(10_000);
  });

  const instance = (fields: Partial<InstanceInput> = {}): InstanceInput => ({
    items: [viewed('shoe')],
    exclude: [],
    limit: 36,
    ...fields,
  });

  test('one call carries all instances, and predictions come back in order', async () => {
    const predictions = await model.predict(ENDPOINT, [instance(), instance({ exclude: ['hat'] })]);
    expect(predictions.map((each) => (each as Prediction).items[0]?.item_id)).toEqual(['item-0', 'item-1']);
    expect(calls).toMatchObject([
      { endpoint: ENDPOINT, instances: [instance(), instance({ exclude: ['hat'] })] },
    ]);
  });

  test('a call that fails is made once more', async () => {
    behaviours = ['refuse'];
    expect(await model.predict(ENDPOINT, [instance()])).toHaveLength(1);
    expect(calls).toHaveLength(2);
  });

  test('an answer with too few predictions is a failure', async () => {
    behaviours = ['short', 'short'];
    await expect(model.predict(ENDPOINT, [instance()])).rejects.toThrow('0 predictions to 1 instances');
  });

  test('an endpoint that is silent is given up at the deadline', async () => {
    behaviours = ['silence', 'silence'];
    await expect(connect(200).predict(ENDPOINT, [instance()])).rejects.toThrow(/deadline/i);
  });

  test('after failures in a row the endpoint is left alone', async () => {
    behaviours = ['refuse', 'refuse', 'refuse', 'refuse'];
    for (const _ of [1, 2]) await expect(model.predict(ENDPOINT, [instance()])).rejects.toThrow('no');
    await expect(model.predict(ENDPOINT, [instance()])).rejects.toThrow('the circuit is open');
    expect(calls).toHaveLength(4);
  });

  test('many instances are asked in several calls, and answered in order', async () => {
    const answers = await model.predict(
      ENDPOINT,
      Array.from({ length: 150 }, () => instance({ limit: 1 })),
    );
    expect(answers).toHaveLength(150);
    expect(calls.map(({ instances }) => instances.length)).toEqual([64, 64, 22]);
  });

  test('a batch above the cap is split, and no call exceeds it', async () => {
    const long = (item: number): string => `${item}-${'ü'.repeat(200)}`;
    const large = instance({
      items: Array.from({ length: 50 }, (_, item) => viewed(long(item))),
      exclude: Array.from({ length: 200 }, (_, item) => long(item)),
    });
    const instances = Array.from({ length: 40 }, () => large);
    expect(await model.predict(ENDPOINT, instances)).toHaveLength(40);
    expect(calls.length).toBeGreaterThan(1);
    expect(calls.reduce((sum, call) => sum + call.instances.length, 0)).toBe(40);
    expect(Math.max(...calls.map(({ bytes }) => bytes))).toBeLessThanOrEqual(PREDICT_MAX_BYTES);
  });
});
