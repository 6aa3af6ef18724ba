import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startVertexEmulator } from '../../emulators/vertex/index.ts';
import { connectVertex, ECHO_SERVER, PARENT } from '../helpers/vertex-clients.ts';

const MODEL = `${PARENT}/models/shop`;

let emulator: RunningEmulator;
let vertex: ReturnType<typeof connectVertex>;

/** The versions as they are listed, with their aliases. */
async function versions(): Promise<readonly (readonly [string, readonly string[]])[]> {
  const [found] = await vertex.models.listModelVersions({ name: MODEL });
  return found.map(({ versionId, versionAliases }) => [versionId ?? '', versionAliases ?? []]);
}

async function uploadTwo(): Promise<void> {
  await vertex.upload('gs://b/one', { modelId: 'shop', versionAliases: ['v-one'] });
  await vertex.upload('gs://b/two', { parentModel: MODEL, versionAliases: ['v-two'] });
}

beforeAll(async () => {
  emulator = await startVertexEmulator({ server: ECHO_SERVER });
  vertex = connectVertex(emulator);
});
afterEach(async () => {
  await fetch(`${emulator.url}/reset`, { method: 'POST' });
});
afterAll(async () => {
  await vertex.close();
  await emulator.close();
});

test('a model has versions, newest first; a bare name means the default one', async () => {
  await uploadTwo();
  expect(await versions()).toEqual([
    ['2', ['v-two']],
    ['1', ['default', 'v-one']],
  ]);
  const [bare] = await vertex.models.getModel({ name: MODEL });
  const [byAlias] = await vertex.models.getModel({ name: `${MODEL}@v-two` });
  const [byNumber] = await vertex.models.getModel({ name: `${MODEL}@2` });
  expect([bare.artifactUri, byAlias.artifactUri, byNumber.artifactUri]).toEqual([
    'gs://b/one',
    'gs://b/two',
    'gs://b/two',
  ]);
  expect(Number(byAlias.versionCreateTime?.seconds)).toBeGreaterThan(1_600_000_000);
  const [listed] = await vertex.models.listModels({ parent: PARENT });
  expect(listed.map(({ name, versionId }) => [name, versionId])).toEqual([[MODEL, '1']]);
});

test('an alias moves from version to version, and can be taken off', async () => {
  await uploadTwo();
  await vertex.models.mergeVersionAliases({ name: `${MODEL}@2`, versionAliases: ['default', 'live-now'] });
  expect(await versions()).toEqual([
    ['2', ['v-two', 'default', 'live-now']],
    ['1', ['v-one']],
  ]);
  await vertex.models.mergeVersionAliases({ name: `${MODEL}@2`, versionAliases: ['-live-now'] });
  expect((await versions())[0]).toEqual(['2', ['v-two', 'default']]);
});

test('a version can be deployed beside another; traffic is split, and moved', async () => {
  await uploadTwo();
  const endpoint = await vertex.createEndpoint('shop');
  const one = await vertex.deploy(endpoint, `${MODEL}@1`, { 0: 100 });
  const two = await vertex.deploy(endpoint, `${MODEL}@v-two`, { [one]: 0, 0: 100 });
  expect(await vertex.predict(endpoint, {})).toMatchObject([{ artifact: 'gs://b/two' }]);
  const [moved] = await vertex.endpoints.updateEndpoint({
    endpoint: { name: endpoint, trafficSplit: { [one]: 100, [two]: 0 } },
    updateMask: { paths: ['traffic_split'] },
  });
  expect(moved.deployedModels?.map(({ modelVersionId }) => modelVersionId)).toEqual(['1', '2']);
  expect(await vertex.predict(endpoint, {})).toMatchObject([{ artifact: 'gs://b/one' }]);
  const [refusal] = await vertex.endpoints.undeployModel({ endpoint, deployedModelId: one });
  await expect(refusal.promise()).rejects.toMatchObject({ code: 9 });
});

test('operations are listed by what they are about, and can be forgotten', async () => {
  await uploadTwo();
  const about = async (): Promise<readonly string[]> => {
    const list = vertex.models.listOperationsAsync({ name: PARENT } as never);
    return (await Array.fromAsync(list)).map(({ name }) => name ?? '');
  };
  const before = await about();
  const name = before.find((each) => each.startsWith(`${PARENT}/operations/`)) ?? '';
  await vertex.models.deleteOperation({ name } as never);
  expect(await about()).toEqual(before.filter((each) => each !== name));
  await expect(vertex.models.checkUploadModelProgress(name)).rejects.toMatchObject({ code: 5 });
});

const removeVersion = async (name: string): Promise<void> => {
  const [operation] = await vertex.models.deleteModelVersion({ name });
  await operation.promise();
};

test('a version that is neither the default nor deployed can be removed', async () => {
  await uploadTwo();
  await removeVersion(`${MODEL}@2`);
  expect(await versions()).toEqual([['1', ['default', 'v-one']]]);
});

test.each<[string, () => Promise<unknown>, number]>([
  ['an id that is taken', () => vertex.upload('gs://b/x', { modelId: 'shop' }), 6],
  ['an id Vertex AI does not take', () => vertex.upload('gs://b/x', { modelId: 'Shop!' }), 3],
  ['a version of no model', () => vertex.upload('gs://b/x', { parentModel: `${PARENT}/models/none` }), 5],
  [
    'an alias that looks like a number',
    () => vertex.upload('gs://b/x', { parentModel: MODEL, versionAliases: ['2026'] }),
    3,
  ],
  ['a version that does not exist', () => vertex.models.getModel({ name: `${MODEL}@7` }), 5],
  ['removing the default version', () => removeVersion(`${MODEL}@1`), 9],
  [
    'taking the default alias off',
    () => vertex.models.mergeVersionAliases({ name: `${MODEL}@1`, versionAliases: ['-default'] }),
    3,
  ],
  [
    'removing a version that is deployed',
    async () => {
      await vertex.deploy(await vertex.createEndpoint('e'), `${MODEL}@2`, { 0: 100 });
      await removeVersion(`${MODEL}@2`);
    },
    9,
  ],
])('refuses %s', async (_what, act, code) => {
  await uploadTwo();
  await expect(act()).rejects.toMatchObject({ code });
});
