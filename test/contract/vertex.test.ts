import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EndpointServiceClient } from '@google-cloud/aiplatform/build/src/v1/endpoint_service_client.js';
import { ModelServiceClient } from '@google-cloud/aiplatform/build/src/v1/model_service_client.js';
import { PredictionServiceClient } from '@google-cloud/aiplatform/build/src/v1/prediction_service_client.js';
import { credentials } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { fromValue, toValue } from '../../emulators/vertex/grpc/values.ts';
import { startVertexEmulator } from '../../emulators/vertex/index.ts';

const SERVER = fileURLToPath(new URL('../helpers/echo-model-server.ts', import.meta.url));
const PARENT = 'projects/demo-x/locations/us-central1';

let folder: string;
let emulator: RunningEmulator;
let clients: ReturnType<typeof connect>;

function connect({ env }: RunningEmulator) {
  const [apiEndpoint = '', port = ''] = (env.VERTEX_EMULATOR_HOST ?? '').split(':');
  const options = {
    apiEndpoint,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    projectId: 'demo-x',
  };
  return {
    models: new ModelServiceClient(options),
    endpoints: new EndpointServiceClient(options),
    predictions: new PredictionServiceClient(options),
  };
}

async function upload(artifactUri: string): Promise<string> {
  const [operation] = await clients.models.uploadModel({
    parent: PARENT,
    model: { displayName: 'recommender', artifactUri, containerSpec: { imageUri: 'x', healthRoute: '/ok' } },
  });
  const [{ model }] = await operation.promise();
  return model ?? '';
}

async function createEndpoint(displayName: string): Promise<string> {
  const [operation] = await clients.endpoints.createEndpoint({ parent: PARENT, endpoint: { displayName } });
  const [{ name }] = await operation.promise();
  return name ?? '';
}

async function deploy(
  endpoint: string,
  model: string,
  trafficSplit: Record<string, number>,
): Promise<string> {
  const [operation] = await clients.endpoints.deployModel({
    endpoint,
    deployedModel: {
      model,
      displayName: 'v',
      dedicatedResources: { machineSpec: { machineType: 'n1-standard-2' } },
    },
    trafficSplit,
  });
  const [{ deployedModel }] = await operation.promise();
  return deployedModel?.id ?? '';
}

async function predict(endpoint: string, instance: Record<string, string>): Promise<unknown> {
  const [{ predictions }] = await clients.predictions.predict({
    endpoint,
    instances: [toValue(instance)],
  } as never);
  return (predictions ?? []).map((value) => fromValue(value as Record<string, unknown>));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vertex-'));
  emulator = await startVertexEmulator({ server: SERVER, dataDir: folder });
  clients = connect(emulator);
});
afterEach(async () => {
  await fetch(`${emulator.url}/reset`, { method: 'POST' });
});
afterAll(async () => {
  await Promise.all(Object.values(clients).map((client) => client.close()));
  await emulator.close();
  await rm(folder, { recursive: true });
});

test('uploads, deploys, predicts, replaces a model and undeploys the old one', async () => {
  const endpoint = await createEndpoint('shop');
  const first = await deploy(endpoint, await upload('gs://b/one'), { 0: 100 });
  expect(await predict(endpoint, { a: 'b' })).toEqual([{ echo: { a: 'b' }, artifact: 'gs://b/one' }]);

  const second = await deploy(endpoint, await upload('gs://b/two'), { 0: 100 });
  expect(await predict(endpoint, {})).toEqual([{ echo: {}, artifact: 'gs://b/two' }]);
  const [operation] = await clients.endpoints.undeployModel({ endpoint, deployedModelId: first });
  await operation.promise();
  const [current] = await clients.endpoints.getEndpoint({ name: endpoint });
  expect(current.deployedModels?.map(({ id }) => id)).toEqual([second]);
  expect(current.trafficSplit).toEqual({ [second]: 100 });
});

test('finds endpoints by display name', async () => {
  const name = await createEndpoint('mine');
  await createEndpoint('other');
  const [found] = await clients.endpoints.listEndpoints({ parent: PARENT, filter: 'display_name="mine"' });
  expect(found.map((each) => each.name)).toEqual([name]);
});

test.each([
  ['an endpoint that does not exist', async () => predict(`${PARENT}/endpoints/9`, {}), 5],
  ['an endpoint without a model', async () => predict(await createEndpoint('empty'), {}), 9],
  ['a model that does not exist', async () => deploy(await createEndpoint('e'), `${PARENT}/models/9`, {}), 5],
  [
    'a split over strangers',
    async () => deploy(await createEndpoint('e'), await upload('gs://b/x'), { 77: 100 }),
    3,
  ],
])('refuses %s', async (_what, act, code) => {
  await expect(act()).rejects.toMatchObject({ code });
});

test('injects faults, and heals', async () => {
  const endpoint = await createEndpoint('faulty');
  await deploy(endpoint, await upload('gs://b/one'), {});
  const setFaults = (settings: object) =>
    fetch(`${emulator.url}/_emulator/faults`, { method: 'POST', body: JSON.stringify(settings) });
  await setFaults({ code: 8 });
  await expect(predict(endpoint, {})).rejects.toMatchObject({ code: 8 });
  await setFaults({});
  expect(await predict(endpoint, {})).toHaveLength(1);
});

test('answers over REST, and takes kept models up again', async () => {
  const endpoint = await createEndpoint('rest');
  await deploy(endpoint, await upload('gs://b/kept'), {});
  const again = await startVertexEmulator({ server: SERVER, dataDir: folder });
  const response = await fetch(`${again.url}/v1/${endpoint}:predict`, {
    method: 'POST',
    body: '{"instances":[1]}',
  });
  expect(await response.json()).toMatchObject({ predictions: [{ echo: 1, artifact: 'gs://b/kept' }] });
  expect(
    (await fetch(`${again.url}/v1/${PARENT}/endpoints/9:predict`, { method: 'POST', body: '{}' })).status,
  ).toBe(404);
  await again.close();
});
