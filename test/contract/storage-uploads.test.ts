import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Bucket, Storage } from '@google-cloud/storage';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';

/** Uploads by the official client, and ones that break off. */
let emulator: RunningEmulator;
let storage: Storage;
let bucket: Bucket;
let names = 0;

beforeAll(async () => {
  emulator = await startStorageEmulator();
  storage = new Storage({ projectId: 'demo-test', apiEndpoint: emulator.url });
});
afterAll(() => emulator.close());
beforeEach(async () => {
  names += 1;
  [bucket] = await storage.createBucket(`demo-bucket-${names}`);
});

const md5 = (bytes: Buffer): string => createHash('md5').update(bytes).digest('base64');
const bytesOf = (size: number, seed = 1): Buffer => {
  const bytes = Buffer.alloc(size);
  for (let at = 0, x = seed; at < size; at += 1) {
    x = (x * 1103515245 + 12345) & 0x7fffffff;
    bytes[at] = x >> 16;
  }
  return bytes;
};
describe('uploads', () => {
  const content = bytesOf(900_000);
  it.each([
    ['in one multipart request', { resumable: false }],
    ['resumable, unchunked', { resumable: true }],
    ['resumable, in chunks', { resumable: true, chunkSize: 256 * 1024 }],
  ])('keep bytes, checksums and metadata: %s', async (_case, options) => {
    const file = bucket.file('folder/data.bin');
    await file.save(content, {
      ...options,
      contentType: 'text/x-test',
      metadata: { cacheControl: 'no-store', metadata: { source: 'test' } },
    });
    const [metadata] = await file.getMetadata();
    expect(metadata).toMatchObject({
      name: 'folder/data.bin',
      bucket: bucket.name,
      size: String(content.length),
      md5Hash: md5(content),
      contentType: 'text/x-test',
      cacheControl: 'no-store',
      metadata: { source: 'test' },
      metageneration: '1',
    });
    const { generation } = metadata;
    expect(metadata.id).toBe(`${bucket.name}/folder/data.bin/${generation}`);
    expect(metadata.mediaLink).toContain(`?generation=${generation}&`);
    expect(Buffer.compare((await file.download({ validation: 'md5' }))[0], content)).toBe(0);
    expect(Buffer.compare((await file.download({ validation: 'crc32c' }))[0], content)).toBe(0);
  });

  it.each([true, false])('keep an empty object (resumable: %s)', async (resumable) => {
    await bucket.file('empty').save('', { resumable });
    expect((await bucket.file('empty').download())[0]).toHaveLength(0);
  });

  it('take a stream of unknown length', async () => {
    const chunks = Array.from({ length: 40 }, (_, index) => bytesOf(10_000 + index, index + 1));
    await pipeline(Readable.from(chunks), bucket.file('streamed').createWriteStream());
    const whole = Buffer.concat(chunks);
    expect(Buffer.compare((await bucket.file('streamed').download())[0], whole)).toBe(0);
  });

  it('refuse bytes that are not those announced', async () => {
    const response = await fetch(
      `${emulator.url}/upload/storage/v1/b/${bucket.name}/o?uploadType=media&name=x`,
      { method: 'POST', body: 'hello', headers: { 'x-goog-hash': 'crc32c=AAAAAA==' } },
    );
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { code: 400, errors: [{ reason: 'invalid' }] } });
    expect((await bucket.file('x').exists())[0]).toBe(false);
  });

  it('go on where a broken connection left them', async () => {
    const content = bytesOf(600_000, 7);
    const [uri] = await bucket.file('broken').createResumableUpload();
    await breakOff('PUT', uri, content, 300_000);
    const received = await until(async () => {
      const response = await fetch(uri, { method: 'PUT', headers: { 'content-range': 'bytes */*' } });
      expect(response.status).toBe(308);
      const range = response.headers.get('range');
      return range === null ? undefined : Number(range.split('-')[1]) + 1;
    });
    expect(received).toBeLessThan(content.length);
    const rest = await fetch(uri, {
      method: 'PUT',
      headers: { 'content-range': `bytes ${received}-${content.length - 1}/${content.length}` },
      body: new Uint8Array(content.subarray(received)),
    });
    expect(rest.status).toBe(200);
    expect(Buffer.compare((await bucket.file('broken').download())[0], content)).toBe(0);
  });

  it('leave nothing of a simple upload that breaks off', async () => {
    const url = `${emulator.url}/upload/storage/v1/b/${bucket.name}/o?uploadType=media&name=half`;
    await breakOff('POST', url, bytesOf(300_000), 100_000);
    await bucket.file('after').save('x');
    expect((await bucket.getFiles())[0].map(({ name }) => name)).toEqual(['after']);
  });
});

/** Sends the head of a request and a part of its body, then breaks the connection once the bytes are out. */
async function breakOff(method: string, url: string, content: Buffer, sent: number): Promise<void> {
  const { hostname, port, pathname, search, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const head = `${method} ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: ${content.length}\r\n\r\n`;
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.write(head);
    socket.write(content.subarray(0, sent), () => resolve());
  });
  socket.destroy();
}

async function until<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await attempt();
    if (found !== undefined) return found;
  }
}
