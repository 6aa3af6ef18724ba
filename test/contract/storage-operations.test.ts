import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Storage } from '@google-cloud/storage';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startStorageEmulator } from '../../emulators/storage/index.ts';

/** The emulator as a process among others: events to functions, restarts, the environment variable, the gcloud CLI. */
const run = promisify(execFile);
const hasGcloud = await run('gcloud', ['--version']).then(
  () => true,
  () => false,
);
const clientOf = (url: string): Storage => new Storage({ projectId: 'demo-test', apiEndpoint: url });

let folder: string;
const closers: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nextclick-storage-test-'));
});
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
  await rm(folder, { recursive: true });
});
const start = async (options: Parameters<typeof startStorageEmulator>[0] = {}) => {
  const emulator = await startStorageEmulator(options);
  closers.push(emulator.close);
  return emulator;
};

interface Delivery {
  readonly headers: IncomingHttpHeaders;
  readonly body: { readonly name?: string; readonly size?: string };
}

/** A function's address that fails its first deliveries. */
async function startFunction(failures: number) {
  const deliveries: Delivery[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      deliveries.push({ headers: request.headers, body: JSON.parse(Buffer.concat(chunks).toString()) });
      response.writeHead(deliveries.length <= failures ? 500 : 204).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(async () => server.close());
  return { deliveries, endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

describe('events', () => {
  it('reach a function that fails at first, from notifications made at start and later', async () => {
    const early = await startFunction(2);
    const late = await startFunction(0);
    const { url } = await start({
      notifications: [{ bucket: 'my-inbox', endpoint: early.endpoint }],
      retry: { minBackoffMs: 1 },
    });
    const notifications = `${url}/_emulator/notifications`;
    const created = await fetch(notifications, {
      method: 'POST',
      body: JSON.stringify({ bucket: 'my-inbox', endpoint: late.endpoint }),
    });
    expect(created.status).toBe(201);
    const [bucket] = await clientOf(url).createBucket('my-inbox');
    await bucket.file('shop/events.csv').save('a,b\n');
    await expect.poll(() => [early.deliveries.length, late.deliveries.length]).toEqual([3, 1]);
    expect(early.deliveries[2]?.headers).toMatchObject({
      'ce-type': 'google.cloud.storage.object.v1.finalized',
      'ce-subject': 'objects/shop/events.csv',
      'content-type': 'application/json',
    });
    expect(early.deliveries[2]?.body).toMatchObject({ name: 'shop/events.csv', size: '4' });
    const { id } = (await created.json()) as { id: string };
    expect((await fetch(`${notifications}/${id}`, { method: 'DELETE' })).status).toBe(204);
    const { notifications: left } = (await (await fetch(notifications)).json()) as {
      notifications: object[];
    };
    expect(left).toHaveLength(1);
  });

  it('need a notification of the right form', async () => {
    const { url } = await start();
    const response = await fetch(`${url}/_emulator/notifications`, {
      method: 'POST',
      body: JSON.stringify({ bucket: 'x', endpoint: 'file:///etc' }),
    });
    expect(response.status).toBe(400);
  });
});

describe('the data folder', () => {
  it('keeps objects between runs, and generations go on growing', async () => {
    const first = await startStorageEmulator({ dataDir: folder });
    const [bucket] = await clientOf(first.url).createBucket('kept');
    await bucket.file('a/b').save('one', { metadata: { metadata: { k: 'v' } } });
    const [before] = await bucket.file('a/b').getMetadata();
    await first.close();

    const second = await start({ dataDir: folder });
    const file = clientOf(second.url).bucket('kept').file('a/b');
    const [after] = await file.getMetadata();
    expect(after).toMatchObject({
      generation: before.generation,
      md5Hash: before.md5Hash,
      metadata: { k: 'v' },
    });
    expect((await file.download())[0].toString()).toBe('one');
    await file.save('two');
    expect(BigInt((await file.getMetadata())[0].generation ?? 0)).toBeGreaterThan(
      BigInt(before.generation ?? 0),
    );
  });

  it('is emptied by a reset', async () => {
    const { url } = await start({ dataDir: folder });
    const [bucket] = await clientOf(url).createBucket('gone');
    await bucket.file('x').save('x');
    expect((await fetch(`${url}/reset`, { method: 'POST' })).status).toBe(204);
    expect((await clientOf(url).getBuckets())[0]).toEqual([]);
  });
});

describe('clients', () => {
  it('find it by STORAGE_EMULATOR_HOST', async () => {
    const { env } = await start();
    vi.stubEnv('STORAGE_EMULATOR_HOST', env.STORAGE_EMULATOR_HOST);
    try {
      const [bucket] = await new Storage({ projectId: 'demo-test' }).createBucket('by-environment');
      await bucket.file('ü/x').save('text', { resumable: false });
      await bucket.file('ü/y').save('text', { resumable: true });
      expect((await bucket.file('ü/x').download())[0].toString()).toBe('text');
      expect((await bucket.getFiles())[0].map(({ name }) => name)).toEqual(['ü/x', 'ü/y']);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it.skipIf(!hasGcloud)(
    `include gcloud storage${hasGcloud ? '' : ' (skipped: no gcloud on this machine)'}`,
    { timeout: 120_000 },
    async () => {
      const { url } = await start();
      const gcloud = async (...args: readonly string[]): Promise<string> => {
        const env = {
          ...process.env,
          CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE: `${url}/storage/v1/`,
          CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
          CLOUDSDK_CORE_PROJECT: 'demo-test',
          CLOUDSDK_CONFIG: join(folder, 'gcloud'),
        };
        return (await run('gcloud', ['storage', ...args], { env })).stdout;
      };
      const source = join(folder, 'events.csv');
      await writeFile(source, 'id,name\n1,shoe\n');
      await clientOf(url).createBucket('cli-bucket');
      await gcloud('cp', source, 'gs://cli-bucket/shop/events.csv');
      expect(await gcloud('ls', 'gs://cli-bucket/**')).toContain('gs://cli-bucket/shop/events.csv');
      expect(await gcloud('cat', 'gs://cli-bucket/shop/events.csv')).toBe('id,name\n1,shoe\n');
      await gcloud('cp', 'gs://cli-bucket/shop/events.csv', join(folder, 'back.csv'));
      expect(await readFile(join(folder, 'back.csv'), 'utf8')).toBe('id,name\n1,shoe\n');
      await gcloud('rm', 'gs://cli-bucket/shop/events.csv');
      expect((await clientOf(url).bucket('cli-bucket').getFiles())[0]).toEqual([]);
    },
  );
});
