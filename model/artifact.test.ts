import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aisleSessions } from '../test/model/sessions.ts';
import {
  INDEX_FILE,
  MANIFEST_FILE,
  readArtifact,
  sealArtifact,
  withShelves,
  writeArtifact,
} from './artifact.ts';
import { buildModel } from './build.ts';
import { directoryArtifact } from './directory-artifacts.ts';
import { Instance } from './protocol.ts';
import { makeRecommender } from './recommender.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nextclick-model-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('an artifact', () => {
  it('answers after writing and reading as before', async () => {
    const artifact = withShelves(await buildModel(aisleSessions(600)), {
      items: [{ item_id: 'a3-7', category: 'aisle 3' }],
      countries: { DE: ['a3-8'] },
    });
    await writeArtifact(artifact, directoryArtifact(directory));
    const read = await readArtifact(directoryArtifact(directory));
    expect(read.manifest).toEqual(artifact.manifest);
    expect(read.shelves).toEqual(artifact.shelves);
    const asked = Instance.parse({
      items: [{ item_id: 'a3-7', event_name: 'view_item', event_time: '2026-11-21T09:30:00Z' }],
    });
    expect(makeRecommender(read)(asked)).toEqual(makeRecommender(artifact)(asked));
  });

  it.each([
    [
      'a damaged index',
      INDEX_FILE,
      (bytes: Buffer) => bytes.fill(1, 2000, 2100),
      /index\.bin is not the one/,
    ],
    ['a manifest of something else', MANIFEST_FILE, () => Buffer.from('{}'), /manifest\.json is no manifest/],
    ['no manifest at all', MANIFEST_FILE, () => Buffer.from(''), /manifest\.json is no manifest/],
  ])('is refused with %s', async (_name, file, damage, message) => {
    await writeArtifact(await buildModel(aisleSessions(100)), directoryArtifact(directory));
    await writeFile(join(directory, file), damage(await readFile(join(directory, file))));
    await expect(readArtifact(directoryArtifact(directory))).rejects.toThrow(message);
  });

  it('is refused where its parameters are those of another release, and says which model it is', async () => {
    const artifact = await buildModel(aisleSessions(100), { version: 'v0' });
    const { category: _, ...parameters } = artifact.manifest.parameters;
    const older = { ...artifact, manifest: { ...artifact.manifest, parameters } };
    await writeArtifact(older, directoryArtifact(directory));
    await expect(readArtifact(directoryArtifact(directory))).rejects.toThrow(
      /model v0 is of another release, which had other parameters \(category\): train anew/,
    );
  });

  it('is refused where the re-ranker knows other features than this release', async () => {
    const artifact = await buildModel(aisleSessions(600));
    const reranker = {
      hidden: 0,
      mean: new Float32Array(3),
      deviation: new Float32Array(3),
      weights: new Float32Array(3),
    };
    const older = sealArtifact({ ...artifact, reranker }, artifact.manifest);
    await writeArtifact(older, directoryArtifact(directory));
    await expect(readArtifact(directoryArtifact(directory))).rejects.toThrow(
      /trained with 3 features.*train anew/,
    );
  });

  it('is refused where its learned directions are not those of its items', async () => {
    const artifact = await buildModel(aisleSessions(100));
    const { knowledge, manifest } = artifact;
    const vectors = { ...knowledge.vectors, items: knowledge.vectors.items.subarray(1) };
    const other = sealArtifact({ ...artifact, knowledge: { ...knowledge, vectors } }, manifest);
    await writeArtifact(other, directoryArtifact(directory));
    await expect(readArtifact(directoryArtifact(directory))).rejects.toThrow(
      /directions of the model index do not fit/,
    );
  });
});
