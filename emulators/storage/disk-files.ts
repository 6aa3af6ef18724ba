import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ByteRange } from './byte-range.ts';
import { makeDigester } from './checksums.ts';
import type { PendingBlob, StoredBucket, StoredObject } from './object-store.ts';

/** An object and the file that holds its bytes. */
export interface ObjectRecord {
  readonly object: StoredObject;
  readonly blob: string;
}

/** A pending blob and its file's name. */
export interface FileBlob extends PendingBlob {
  readonly file: string;
  /** From now on a record names the file: `discard` leaves it. */
  keep(): void;
}

/**
 * The folder of the emulator: `buckets/*.json`, `objects/BUCKET/HASH.json` and `blobs/`. A record is replaced by
 * renaming, so that a crash leaves the old one or the new one; blobs that no record names are removed at the next start.
 */
export interface DiskFiles {
  load(): Promise<{ readonly buckets: readonly StoredBucket[]; readonly records: readonly ObjectRecord[] }>;
  saveBucket(bucket: StoredBucket): Promise<void>;
  removeBucket(name: string): Promise<void>;
  saveRecord(record: ObjectRecord): Promise<void>;
  removeRecord(record: ObjectRecord): Promise<void>;
  newBlob(): Promise<FileBlob>;
  removeBlob(blob: string): Promise<void>;
  readBlob(blob: string, range?: ByteRange): Promise<Readable>;
  clear(): Promise<void>;
}

export function makeDiskFiles(root: string): DiskFiles {
  const folders = {
    buckets: join(root, 'buckets'),
    objects: join(root, 'objects'),
    blobs: join(root, 'blobs'),
  };
  const recordFile = ({ bucket, name }: StoredObject): string =>
    join(folders.objects, bucket, `${createHash('sha256').update(name).digest('hex')}.json`);

  const saveJson = async (file: string, value: unknown): Promise<void> => {
    const draft = `${file}.${randomUUID()}.tmp`;
    await writeFile(draft, JSON.stringify(value));
    await rename(draft, file);
  };
  const readJsons = async <T>(folder: string): Promise<T[]> => {
    const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    return Promise.all(
      files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as T),
    );
  };
  const makeFolders = async (): Promise<void> => {
    for (const folder of Object.values(folders)) await mkdir(folder, { recursive: true });
  };

  return {
    async load() {
      await makeFolders();
      const buckets = await readJsons<StoredBucket>(folders.buckets);
      const records: ObjectRecord[] = [];
      for (const { name } of buckets)
        records.push(...(await readJsons<ObjectRecord>(join(folders.objects, name))));
      const named = new Set(records.map(({ blob }) => blob));
      const orphans = (await readdir(folders.blobs)).filter((blob) => !named.has(blob));
      for (const blob of orphans) await rm(join(folders.blobs, blob), { force: true });
      return { buckets, records };
    },
    async saveBucket(bucket) {
      await mkdir(join(folders.objects, bucket.name), { recursive: true });
      await saveJson(join(folders.buckets, `${bucket.name}.json`), bucket);
    },
    async removeBucket(name) {
      await rm(join(folders.buckets, `${name}.json`), { force: true });
      await rm(join(folders.objects, name), { recursive: true, force: true });
    },
    saveRecord: (record) => saveJson(recordFile(record.object), record),
    async removeRecord(record) {
      await rm(recordFile(record.object), { force: true });
      await rm(join(folders.blobs, record.blob), { force: true });
    },
    async newBlob() {
      const file = randomUUID();
      return openBlob(file, join(folders.blobs, file));
    },
    removeBlob: (blob) => rm(join(folders.blobs, blob), { force: true }),
    async readBlob(blob, range) {
      const handle = await open(join(folders.blobs, blob), 'r');
      return handle.createReadStream({ ...(range ?? {}), highWaterMark: 256 * 1024 });
    },
    async clear() {
      for (const folder of Object.values(folders)) await rm(folder, { recursive: true, force: true });
      await makeFolders();
    },
  };
}

async function openBlob(file: string, path: string): Promise<FileBlob> {
  await writeFile(path, '');
  const digester = makeDigester();
  let size = 0;
  let kept = false;
  return {
    file,
    get size() {
      return size;
    },
    async append(chunks) {
      const handle = await open(path, 'r+');
      try {
        for await (const chunk of chunks) {
          for (let written = 0; written < chunk.length; )
            written += (await handle.write(chunk, written, chunk.length - written, size + written))
              .bytesWritten;
          digester.update(chunk);
          size += chunk.length;
        }
      } finally {
        await handle.close();
      }
    },
    digest: () => digester.digest(),
    keep() {
      kept = true;
    },
    async discard() {
      if (!kept) await rm(path, { force: true });
    },
  };
}
