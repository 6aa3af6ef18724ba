import { z } from 'zod';
import type { ObjectFields, StoredBucket, StoredObject } from './object-store.ts';
import { invalid } from './storage-error.ts';

/** The JSON of an object: https://cloud.google.com/storage/docs/json_api/v1/objects#resource. `base` is `http://HOST`. */
export function objectResource(object: StoredObject, base: string): Record<string, unknown> {
  const { bucket, name, generation, metageneration, size, timeCreated, updated, fields } = object;
  const path = `b/${bucket}/o/${encodeURIComponent(name)}`;
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${base}/storage/v1/${path}`,
    mediaLink: `${base}/download/storage/v1/${path}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation,
    metageneration: String(metageneration),
    storageClass: 'STANDARD',
    size: String(size),
    ...(object.md5Hash === undefined ? {} : { md5Hash: object.md5Hash }),
    crc32c: object.crc32c,
    ...(object.componentCount === undefined ? {} : { componentCount: object.componentCount }),
    etag: etagOf(object),
    timeCreated,
    updated,
    timeStorageClassUpdated: timeCreated,
    timeFinalized: timeCreated,
    ...fields,
  };
}

/** The JSON of a bucket: https://cloud.google.com/storage/docs/json_api/v1/buckets#resource */
export function bucketResource(bucket: StoredBucket, base: string): Record<string, unknown> {
  const { name, metageneration, timeCreated, updated, fields } = bucket;
  return {
    location: 'US',
    locationType: 'multi-region',
    storageClass: 'STANDARD',
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    ...fields,
    kind: 'storage#bucket',
    id: name,
    name,
    selfLink: `${base}/storage/v1/b/${name}`,
    projectNumber: '0',
    metageneration: String(metageneration),
    etag: Buffer.from(`${name}/${metageneration}`).toString('base64'),
    timeCreated,
    updated,
  };
}

/** Changes with every generation and metageneration. */
export function etagOf(object: StoredObject): string {
  return Buffer.from(`${object.generation}/${object.metageneration}`).toString('base64');
}

const text = z.string().max(4096).optional();

/** The settable part of an object's JSON; other fields are ignored, as by Cloud Storage. */
const Fields = z.object({
  contentType: text,
  contentEncoding: text,
  contentDisposition: text,
  contentLanguage: text,
  cacheControl: text,
  customTime: text,
  storageClass: text,
  metadata: z.record(z.string(), z.string()).optional(),
});

/** An object's JSON as a client sends it: what it may set, and what it says of name and bytes. */
const Metadata = Fields.extend({
  name: z.string().optional(),
  md5Hash: z.string().optional(),
  crc32c: z.string().optional(),
});
export type Metadata = z.infer<typeof Metadata>;

/** @throws StorageError 400 naming the field that does not fit. */
export function parseMetadata(json: unknown): Metadata {
  return parseAs(Metadata, json);
}

/** Of an object's JSON, what clients may set. @throws StorageError 400 naming the field that does not fit. */
export function fieldsOf(json: unknown): ObjectFields {
  const parsed = parseAs(Fields, json);
  return Object.fromEntries(
    Object.entries(parsed).filter(([, value]) => value !== undefined && value !== ''),
  );
}

/** A JSON merge patch (RFC 7396): null removes. Patching `metadata` merges its keys. */
export function mergePatch(
  before: Readonly<Record<string, unknown>>,
  patch: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const merged: Record<string, unknown> = { ...before };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = isRecord(value) ? mergePatch(isRecord(merged[key]) ? merged[key] : {}, value) : value;
  }
  return merged;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseAs<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`Invalid value for ${issue?.path.join('.') || 'the object'}: ${issue?.message}.`);
}
