import { gzipSync } from 'node:zlib';
import type { Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';
import { openCloudStorage } from '../../shared/cloud-storage.ts';
import { makeGcsPeople } from './gcs-people.ts';
import { mentionsOf } from './mentions.ts';

let emulator: RunningEmulator;
let storage: Storage;
beforeAll(async () => {
  emulator = await startStorageEmulator({});
  storage = openCloudStorage({ projectId: 'demo-x', emulatorHost: emulator.url });
  for (const bucket of ['inbox', 'quarantine']) await storage.bucket(bucket).create();
});
afterAll(() => emulator?.close());

test('a file that cannot be looked through is told, and the others are rid of the person', async () => {
  const files = {
    'rejected/native/damaged.ndjson.gz': gzipSync('{"user_id":"ada@shop.example"}\n').subarray(0, -12),
    'rejected/native/long.json': Buffer.alloc(17 * 1024 * 1024, '[{"user_id":"ada@shop.example"},'),
    'rejected/native/other.ndjson': Buffer.from('{"user_id":"ada@shop.example"}\n{"user_id":"bob"}\n'),
  };
  for (const [name, bytes] of Object.entries(files)) await storage.bucket('inbox').file(name).save(bytes);
  const people = makeGcsPeople({
    storage,
    inbox: 'inbox',
    quarantine: 'quarantine',
    isLoaded: async () => true,
  });

  const { counts, left } = await people.erase(mentionsOf(['ada@shop.example']), '2100-01-01T00:00:00Z');

  expect(left).toEqual([
    'gs://inbox/rejected/native/damaged.ndjson.gz cannot be looked through: unexpected end of file',
    'gs://inbox/rejected/native/long.json cannot be looked through: a line is longer than 16777216 bytes',
  ]);
  expect(counts).toMatchObject({ storage_files_rewritten: 1, storage_files_deleted: 0 });
  const [other] = await storage.bucket('inbox').file('rejected/native/other.ndjson').download();
  expect(other.toString()).toBe('{"user_id":"bob"}\n');
});

test('a file that replaced the one that was looked through stays, for nobody has seen what it holds', async () => {
  const file = storage.bucket('inbox').file('native/daily.ndjson');
  await file.save('{"user_id":"ada@shop.example"}\n');
  const people = makeGcsPeople({
    storage,
    inbox: 'inbox',
    quarantine: 'quarantine',
    isLoaded: async (uri) => {
      if (uri.endsWith('daily.ndjson')) await file.save('{"user_id":"bob"}\n');
      return true;
    },
  });

  const { counts } = await people.erase(mentionsOf(['ada@shop.example']), '2100-01-01T00:00:00Z');

  expect(counts).toMatchObject({ storage_files_deleted: 0 });
  expect((await file.download()).toString()).toBe('{"user_id":"bob"}\n');
});
