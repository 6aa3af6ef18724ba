import { gunzipSync, gzipSync } from 'node:zlib';
import { type Bucket, Storage } from '@google-cloud/storage';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { startStorageEmulator } from '../../emulators/storage/index.ts';

/** The official client against the emulator. */
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

const statusOf = async (act: Promise<unknown>): Promise<number | undefined> => {
  try {
    await act;
    return undefined;
  } catch (error) {
    return Number((error as { code?: unknown }).code);
  }
};

describe('buckets', () => {
  it('are created, found, listed, labelled and deleted', async () => {
    expect((await bucket.exists())[0]).toBe(true);
    expect((await storage.getBuckets())[0].map(({ name }) => name)).toContain(bucket.name);
    await bucket.setLabels({ team: 'shop' });
    expect((await bucket.getLabels())[0]).toEqual({ team: 'shop' });
    await bucket.delete();
    expect((await bucket.exists())[0]).toBe(false);
  });

  it.each([
    ['exists already', 409, () => storage.createBucket(bucket.name)],
    ['has no lawful name', 400, () => storage.createBucket('../UPPER')],
    ['does not exist', 404, () => storage.bucket('no-such-bucket').getFiles()],
    [
      'is not empty',
      409,
      async () => {
        await bucket.file('x').save('x');
        await bucket.delete();
      },
    ],
  ])('refuses one that %s', async (_case, status, act) => {
    expect(await statusOf(act())).toBe(status);
  });
});

describe('downloads', () => {
  it.each([
    ['a part', { start: 2, end: 5 }, 'cdef'],
    ['the rest', { start: 7 }, 'hij'],
    ['the tail', { end: -3 }, 'hij'],
    ['more than there is', { start: 8, end: 100 }, 'ij'],
  ])('serve %s', async (_case, range, expected) => {
    await bucket.file('letters').save('abcdefghij');
    expect((await bucket.file('letters').download(range))[0].toString()).toBe(expected);
  });

  it('refuse a range beyond the end, and a missing object', async () => {
    await bucket.file('letters').save('abc');
    expect(await statusOf(bucket.file('letters').download({ start: 3, end: 9 }))).toBe(416);
    expect(await statusOf(bucket.file('missing').download())).toBe(404);
  });

  it('keep gzip for clients that take it, and unpack it for others', async () => {
    const text = 'many words, '.repeat(5000);
    await bucket.file('page').save(text, { gzip: true, contentType: 'text/plain' });
    const [metadata] = await bucket.file('page').getMetadata();
    expect(metadata.contentEncoding).toBe('gzip');
    expect(Number(metadata.size)).toBeLessThan(text.length);
    expect((await bucket.file('page').download())[0].toString()).toBe(text);
    const [packed] = await bucket.file('page').download({ decompress: false });
    expect(gunzipSync(packed).toString()).toBe(text);
    const plain = await fetch(`${emulator.url}/b/${bucket.name}/o/page?alt=media`, {
      headers: { 'accept-encoding': 'identity' },
    });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(text);
  });

  it('leave a gzip file that does not say so as it is', async () => {
    const packed = gzipSync('rows');
    await bucket.file('events.csv.gz').save(packed, { contentType: 'application/gzip' });
    expect(Buffer.compare((await bucket.file('events.csv.gz').download())[0], packed)).toBe(0);
  });
});

describe('generations and preconditions', () => {
  it('grow with each upload; an old one is gone', async () => {
    const file = bucket.file('g');
    await file.save('one');
    const first = String((await file.getMetadata())[0].generation);
    await file.save('two');
    const second = String((await file.getMetadata())[0].generation);
    expect(BigInt(second)).toBeGreaterThan(BigInt(first));
    expect((await bucket.file('g', { generation: second }).download())[0].toString()).toBe('two');
    expect(await statusOf(bucket.file('g', { generation: first }).download())).toBe(404);
  });

  it.each([true, false])('only one of many creators wins (resumable: %s)', async (resumable) => {
    const attempts = await Promise.allSettled(
      ['a', 'b', 'c', 'd', 'e'].map((text) =>
        bucket.file('lock').save(text, { resumable, preconditionOpts: { ifGenerationMatch: 0 } }),
      ),
    );
    const won = attempts.filter(({ status }) => status === 'fulfilled');
    const codes = attempts.flatMap((each) => (each.status === 'rejected' ? [Number(each.reason.code)] : []));
    expect(won).toHaveLength(1);
    expect(codes).toEqual([412, 412, 412, 412]);
  });

  it('guard metadata changes and deletes', async () => {
    const file = bucket.file('m');
    await file.save('x', { contentType: 'text/plain', metadata: { metadata: { a: '1', b: '2' } } });
    await file.setMetadata({ metadata: { b: null, c: '3' } }, { ifMetagenerationMatch: 1 });
    const [metadata] = await file.getMetadata();
    expect(metadata.metadata).toEqual({ a: '1', c: '3' });
    expect(metadata.metageneration).toBe('2');
    expect(await statusOf(file.setMetadata({ contentType: 'a/b' }, { ifMetagenerationMatch: 1 }))).toBe(412);
    expect(await statusOf(file.delete({ ifGenerationMatch: 1 }))).toBe(412);
    await file.delete({ ifGenerationMatch: metadata.generation ?? 0 });
    expect(await statusOf(file.delete())).toBe(404);
  });
});

describe('listing', () => {
  beforeEach(async () => {
    for (const name of ['a/1', 'a/2', 'a/b/3', 'c', 'd/4', 'é', '𝒳']) await bucket.file(name).save(name);
  });

  it('pages through names in order of their bytes', async () => {
    const pages: string[][] = [];
    let query: object | null = { maxResults: 3, autoPaginate: false };
    while (query) {
      const [files, next] = (await bucket.getFiles(query)) as unknown as [{ name: string }[], object | null];
      pages.push(files.map(({ name }) => name));
      query = next;
    }
    expect(pages).toEqual([['a/1', 'a/2', 'a/b/3'], ['c', 'd/4', 'é'], ['𝒳']]);
  });

  it('finds by prefix, folds by delimiter, starts at an offset', async () => {
    const under = async (query: object) => (await bucket.getFiles(query))[0].map(({ name }) => name);
    expect(await under({ prefix: 'a/' })).toEqual(['a/1', 'a/2', 'a/b/3']);
    expect(await under({ prefix: 'a/', delimiter: '/' })).toEqual(['a/1', 'a/2']);
    expect(await under({ startOffset: 'c', endOffset: 'é' })).toEqual(['c', 'd/4']);
    const [, , response] = await bucket.getFiles({ delimiter: '/', autoPaginate: false });
    expect((response as { prefixes: string[] }).prefixes).toEqual(['a/', 'd/']);
  });
});

describe('names', () => {
  it('may hold any character', async () => {
    const unit = fc.constantFrom(...'ab/%+?#& "\'\\.:;=@[]{}|~^`<>*$!,()é𝒳\u0001\u007f');
    const name = fc
      .array(unit, { minLength: 1, maxLength: 20 })
      .map((units) => units.join(''))
      .filter((text) => text !== '.' && text !== '..');
    await fc.assert(
      fc.asyncProperty(name, fc.boolean(), async (text, resumable) => {
        const file = bucket.file(text);
        await file.save(`content of ${text}`, { resumable });
        expect((await file.download())[0].toString()).toBe(`content of ${text}`);
        expect((await bucket.getFiles({ prefix: text }))[0].map((each) => each.name)).toContain(text);
        await file.copy(bucket.file(`copy of ${text}`));
        expect((await bucket.file(`copy of ${text}`).exists())[0]).toBe(true);
        await file.delete();
        expect((await file.exists())[0]).toBe(false);
      }),
      { numRuns: 40 },
    );
  });
});

describe('objects made of objects', () => {
  it('are copied, moved and composed', async () => {
    await bucket.file('one').save('first,', { contentType: 'text/csv', metadata: { metadata: { k: 'v' } } });
    await bucket.file('two').save('second');
    await bucket.file('one').copy(bucket.file('copy'));
    const [copied] = await bucket.file('copy').getMetadata();
    expect(copied).toMatchObject({ contentType: 'text/csv', metadata: { k: 'v' } });
    await bucket.combine(['copy', 'two'], 'joined');
    expect((await bucket.file('joined').download())[0].toString()).toBe('first,second');
    const [joined] = await bucket.file('joined').getMetadata();
    expect(joined.componentCount).toBe(2);
    expect(joined.md5Hash).toBeUndefined();
    await bucket.file('two').move('moved');
    expect((await bucket.getFiles())[0].map(({ name }) => name)).toEqual(['copy', 'joined', 'moved', 'one']);
  });
});
