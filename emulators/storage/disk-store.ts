import { type DiskFiles, type FileBlob, makeDiskFiles, type ObjectRecord } from './disk-files.ts';
import { makeKeyedLock } from './keyed-lock.ts';
import { compareNames } from './listing.ts';
import type { ObjectStore, PendingBlob, StoredBucket, StoredObject } from './object-store.ts';
import { checkPreconditions } from './preconditions.ts';
import { invalid, noSuchBucket, noSuchObject, StorageError } from './storage-error.ts';

export interface DiskStoreOptions {
  /** Folder of the emulator alone; what it holds is taken up. */
  readonly root: string;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Told of each new generation once it is on disk. */
  readonly onFinalized: (object: StoredObject) => void;
}

interface Shelf {
  readonly bucket: StoredBucket;
  readonly records: Map<string, ObjectRecord>;
  /** Names in order; undefined since one came or went. */
  sorted: readonly string[] | undefined;
}

/** https://cloud.google.com/storage/docs/buckets#naming; also what makes a name safe as a file's. */
const BUCKET_NAME = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/;

/** Objects on disk, their metadata in memory too. Bytes pass through and are never held. */
export async function makeDiskStore({ root, clock, onFinalized }: DiskStoreOptions): Promise<ObjectStore> {
  const files: DiskFiles = makeDiskFiles(root);
  const blobs = new WeakMap<PendingBlob, FileBlob>();
  const lock = makeKeyedLock();
  const shelves = new Map<string, Shelf>();
  let lastGeneration = 0n;

  const { buckets, records } = await files.load();
  for (const bucket of buckets) shelves.set(bucket.name, { bucket, records: new Map(), sorted: undefined });
  for (const record of records) {
    shelves.get(record.object.bucket)?.records.set(record.object.name, record);
    if (BigInt(record.object.generation) > lastGeneration) lastGeneration = BigInt(record.object.generation);
  }

  /** Microseconds, as the real ones; never twice the same. */
  const nextGeneration = (): string => {
    const now = BigInt(clock()) * 1000n;
    lastGeneration = now > lastGeneration ? now : lastGeneration + 1n;
    return lastGeneration.toString();
  };
  const timeNow = (): string => new Date(clock()).toISOString();
  const shelfOf = (bucket: string): Shelf => {
    const shelf = shelves.get(bucket);
    if (!shelf) throw noSuchBucket();
    return shelf;
  };
  const keyOf = (bucket: string, name: string): string => `${bucket}/${name}`;
  const recordOf = ({ bucket, name, generation }: StoredObject): ObjectRecord => {
    const record = shelfOf(bucket).records.get(name);
    if (record?.object.generation !== generation) throw noSuchObject(bucket, name);
    return record;
  };
  const setBucket = async (bucket: StoredBucket): Promise<StoredBucket> => {
    await files.saveBucket(bucket);
    const shelf = shelves.get(bucket.name);
    shelves.set(bucket.name, { records: shelf?.records ?? new Map(), sorted: shelf?.sorted, bucket });
    return bucket;
  };

  return {
    createBucket: (name, fields) =>
      lock(name, async () => {
        if (!BUCKET_NAME.test(name)) {
          throw invalid(
            `Invalid bucket name: '${name}'. Use 3 to 222 lower-case letters, digits, dots, dashes and underscores, with a letter or digit at both ends.`,
          );
        }
        if (shelves.has(name)) {
          throw new StorageError(
            409,
            'conflict',
            'Your previous request to create the named bucket succeeded and you already own it.',
          );
        }
        return setBucket({ name, metageneration: 1, timeCreated: timeNow(), updated: timeNow(), fields });
      }),
    bucket: (name) => shelfOf(name).bucket,
    buckets: () =>
      [...shelves.values()].map(({ bucket }) => bucket).sort((a, b) => compareNames(a.name, b.name)),
    updateBucket: (name, fields) =>
      lock(name, async () => {
        const { bucket } = shelfOf(name);
        return setBucket({
          ...bucket,
          fields,
          metageneration: bucket.metageneration + 1,
          updated: timeNow(),
        });
      }),
    deleteBucket: (name) =>
      lock(name, async () => {
        if (shelfOf(name).records.size > 0)
          throw new StorageError(409, 'conflict', 'The bucket you tried to delete is not empty.');
        await files.removeBucket(name);
        shelves.delete(name);
      }),

    async newBlob() {
      const blob = await files.newBlob();
      blobs.set(blob, blob);
      return blob;
    },
    put: (pending, { bucket, name, fields, conditions, componentCount }) =>
      lock(keyOf(bucket, name), async () => {
        const blob = blobs.get(pending);
        if (!blob) throw new Error('a blob becomes one object, once, of the store that made it');
        const shelf = shelfOf(bucket);
        const before = shelf.records.get(name);
        checkPreconditions(conditions, before?.object);
        const { md5Hash, ...digest } = blob.digest();
        const object: StoredObject = {
          bucket,
          name,
          generation: nextGeneration(),
          metageneration: 1,
          ...digest,
          ...(componentCount === undefined ? { md5Hash } : { componentCount }),
          timeCreated: timeNow(),
          updated: timeNow(),
          fields,
        };
        const record = { object, blob: blob.file };
        await files.saveRecord(record);
        blob.keep();
        blobs.delete(pending);
        shelf.records.set(name, record);
        if (!before) shelf.sorted = undefined;
        else await files.removeBlob(before.blob);
        onFinalized(object);
        return object;
      }),
    find: (bucket, name) => shelfOf(bucket).records.get(name)?.object,
    object(bucket, name, generation) {
      const object = shelfOf(bucket).records.get(name)?.object;
      if (!object || (generation !== undefined && generation !== object.generation))
        throw noSuchObject(bucket, name);
      return object;
    },
    async read(object, range) {
      const { blob } = recordOf(object);
      try {
        return await files.readBlob(blob, range);
      } catch {
        throw new StorageError(503, 'backendError', `${object.name} was replaced at this moment. Try again.`);
      }
    },
    update: (object, fields, conditions) =>
      lock(keyOf(object.bucket, object.name), async () => {
        const { object: live, blob } = recordOf(object);
        checkPreconditions(conditions, live);
        const updated = { ...live, fields, metageneration: live.metageneration + 1, updated: timeNow() };
        await files.saveRecord({ object: updated, blob });
        shelfOf(live.bucket).records.set(live.name, { object: updated, blob });
        return updated;
      }),
    delete: (object, conditions) =>
      lock(keyOf(object.bucket, object.name), async () => {
        const record = recordOf(object);
        checkPreconditions(conditions, record.object);
        const shelf = shelfOf(object.bucket);
        await files.removeRecord(record);
        shelf.records.delete(object.name);
        shelf.sorted = undefined;
      }),
    names(bucket) {
      const shelf = shelfOf(bucket);
      shelf.sorted ??= [...shelf.records.keys()].sort(compareNames);
      return shelf.sorted;
    },
    async reset() {
      shelves.clear();
      await files.clear();
    },
  };
}
