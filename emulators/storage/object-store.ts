import type { Readable } from 'node:stream';
import type { ByteRange } from './byte-range.ts';
import type { Digest } from './checksums.ts';
import type { Preconditions } from './preconditions.ts';

/** The part of an object's metadata that clients set. */
export interface ObjectFields {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  readonly cacheControl?: string;
  readonly customTime?: string;
  readonly storageClass?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** One generation of an object. */
export interface StoredObject {
  readonly bucket: string;
  readonly name: string;
  /** Decimal, grows with each upload. */
  readonly generation: string;
  readonly metageneration: number;
  readonly size: number;
  readonly crc32c: string;
  /** Absent for a composed object. */
  readonly md5Hash?: string;
  readonly componentCount?: number;
  /** RFC 3339. */
  readonly timeCreated: string;
  readonly updated: string;
  readonly fields: ObjectFields;
}

export interface StoredBucket {
  readonly name: string;
  readonly metageneration: number;
  readonly timeCreated: string;
  readonly updated: string;
  /** Whatever else the client set: location, labels, lifecycle … */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Bytes on their way to become an object. */
export interface PendingBlob {
  /** Bytes taken so far. */
  readonly size: number;
  /** Takes bytes to its end. After a rejection, those that arrived remain. */
  append(chunks: AsyncIterable<Uint8Array>): Promise<void>;
  digest(): Digest;
  /** Forgets the bytes; does nothing once they are an object. */
  discard(): Promise<void>;
}

/** What to make of a pending blob. */
export interface NewObject {
  readonly bucket: string;
  readonly name: string;
  readonly fields: ObjectFields;
  readonly conditions: Preconditions;
  /** Set for a composed object: of how many it is made. */
  readonly componentCount?: number;
}

/** Where buckets and objects are kept. Every refusal is a StorageError. */
export interface ObjectStore {
  createBucket(name: string, fields: Readonly<Record<string, unknown>>): Promise<StoredBucket>;
  bucket(name: string): StoredBucket;
  buckets(): readonly StoredBucket[];
  updateBucket(name: string, fields: Readonly<Record<string, unknown>>): Promise<StoredBucket>;
  /** Refuses a bucket that holds objects. */
  deleteBucket(name: string): Promise<void>;

  newBlob(): Promise<PendingBlob>;
  /** Makes the blob the live generation of an object, if the conditions hold, atomically. */
  put(blob: PendingBlob, object: NewObject): Promise<StoredObject>;
  /** The live object; refuses where there is none, or where `generation` names another. */
  object(bucket: string, name: string, generation?: string): StoredObject;
  /** The live object, or undefined; refuses only where the bucket does not exist. */
  find(bucket: string, name: string): StoredObject | undefined;
  /** Bytes as they were when this was called, whatever becomes of the object meanwhile. */
  read(object: StoredObject, range?: ByteRange): Promise<Readable>;
  /** Replaces what clients may set. */
  update(object: StoredObject, fields: ObjectFields, conditions: Preconditions): Promise<StoredObject>;
  delete(object: StoredObject, conditions: Preconditions): Promise<void>;
  /** Names of a bucket's live objects, by UTF-8 bytes. */
  names(bucket: string): readonly string[];
  /** Empties everything, buckets included. */
  reset(): Promise<void>;
}
