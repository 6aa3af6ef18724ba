import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { isServed } from '../../emulators/training.ts';
import { startVertexEmulator } from '../../emulators/vertex/index.ts';
import { connectVertex, ECHO_SERVER, PARENT } from '../helpers/vertex-clients.ts';

let folder: string;
let emulator: RunningEmulator;
let vertex: ReturnType<typeof connectVertex>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vertex-'));
  emulator = await startVertexEmulator({ server: ECHO_SERVER, dataDir: folder });
  vertex = connectVertex(emulator);
});
afterEach(async () => {
  await fetch(`${emulator.url}/reset`, { method: 'POST' });
});
afterAll(async () => {
  await vertex.close();
  await emulator.close();
  await rm(folder, { recursive: true });
});

test('uploads, deploys, predicts, replaces a model and undeploys the old one', async () => {
  const endpoint = await vertex.createEndpoint('shop');
  const first = await vertex.deploy(endpoint, await vertex.upload('gs://b/one'), { 0: 100 });
  expect(await vertex.predict(endpoint, { a: 'b' })).toEqual([{ echo: { a: 'b' }, artifact: 'gs://b/one' }]);

  const second = await vertex.deploy(endpoint, await vertex.upload('gs://b/two'), { 0: 100 });
  expect(await vertex.predict(endpoint, {})).toEqual([{ echo: {}, artifact: 'gs://b/two' }]);
  const [operation] = await vertex.endpoints.undeployModel({ endpoint, deployedModelId: first });
  await operation.promise();
  const [current] = await vertex.endpoints.getEndpoint({ name: endpoint });
  expect(current.deployedModels?.map(({ id }) => id)).toEqual([second]);
  expect(current.trafficSplit).toEqual({ [second]: 100 });
});

test('finds endpoints by display name', async () => {
  const name = await vertex.createEndpoint('mine');
  await vertex.createEndpoint('other');
  const [found] = await vertex.endpoints.listEndpoints({ parent: PARENT, filter: 'display_name="mine"' });
  expect(found.map((each) => each.name)).toEqual([name]);
});

test.each([
  ['an endpoint that does not exist', async () => vertex.predict(`${PARENT}/endpoints/9`, {}), 5],
  ['an endpoint without a model', async () => vertex.predict(await vertex.createEndpoint('empty'), {}), 9],
  [
    'a model that does not exist',
    async () => vertex.deploy(await vertex.createEndpoint('e'), `${PARENT}/models/9`, {}),
    5,
  ],
  [
    'a split over strangers',
    async () => vertex.deploy(await vertex.createEndpoint('e'), await vertex.upload('gs://b/x'), { 77: 100 }),
    3,
  ],
])('refuses %s', async (_what, act, code) => {
  await expect(act()).rejects.toMatchObject({ code });
});

test('injects faults, and heals', async () => {
  const endpoint = await vertex.createEndpoint('faulty');
  await vertex.deploy(endpoint, await vertex.upload('gs://b/one'), {});
  const setFaults = (settings: object) =>
    fetch(`${emulator.url}/_emulator/faults`, { method: 'POST', body: JSON.stringify(settings) });
  await setFaults({ code: 'RESOURCE_EXHAUSTED' });
  await expect(vertex.predict(endpoint, {})).rejects.toMatchObject({ code: 8 });
  await setFaults({});
  expect(await vertex.predict(endpoint, {})).toHaveLength(1);
});

test('answers over REST, and takes kept models up again', async () => {
  const endpoint = await vertex.createEndpoint('rest');
  await vertex.deploy(endpoint, await vertex.upload('gs://b/kept'), {});
  const again = await startVertexEmulator({ server: ECHO_SERVER, dataDir: folder });
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

test('a kept model that does not start is undeployed, and the others get its traffic', async () => {
  const endpoint = await vertex.createEndpoint('two');
  const older = await vertex.deploy(endpoint, await vertex.upload('gs://b/older'), { 0: 100 });
  const kept = await vertex.deploy(endpoint, await vertex.upload('gs://b/kept'), { [older]: 70, 0: 30 });
  const alone = await vertex.createEndpoint('alone');
  await vertex.deploy(alone, await vertex.upload('gs://b/older'), { 0: 100 });

  const env = { REFUSED_ARTIFACT: 'gs://b/older' };
  const again = await startVertexEmulator({ server: ECHO_SERVER, dataDir: folder, env });
  const read = async (name: string) => (await fetch(`${again.url}/v1/${name}`)).json();
  expect(await read(endpoint)).toMatchObject({
    deployedModels: [{ id: kept }],
    trafficSplit: { [kept]: 100 },
  });
  expect(await read(alone)).toMatchObject({ deployedModels: [], trafficSplit: {} });
  expect(await isServed({ endpoint }, again.url)).toBe(true);
  expect(await isServed({ endpoint: alone }, again.url)).toBe(false);
  expect(await isServed({ endpoint: `${PARENT}/endpoints/9` }, again.url)).toBe(false);
  await again.close();
});
