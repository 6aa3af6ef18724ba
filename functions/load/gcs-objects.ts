import type { Readable } from 'node:stream';
import type { File, FileMetadata } from '@google-cloud/storage';
import { type CloudStorageOptions, openCloudStorage } from '../../shared/cloud-storage.ts';
import { REJECTED } from './object-name.ts';
import type { ObjectStore } from './ports.ts';

/** Objects in Cloud Storage, read as stored: what is gzip stays so, and is inflated by whoever tells it by content. */
export function makeGcsObjects(options: CloudStorageOptions): ObjectStore {
  const storage = openCloudStorage(options);
  return {
    async find({ bucket, name, generation }) {
      const file = storage.bucket(bucket).file(name, generation === '' ? {} : { generation });
      const metadata = await metadataOf(file);
      return (
        metadata && {
          size: Number(metadata.size ?? 0),
          checksum: metadata.crc32c === undefined ? undefined : `${metadata.crc32c}-${metadata.size}`,
          createdAt: Date.parse(metadata.timeCreated ?? '') || 0,
          read: (range) => bytesOf(file, range),
        }
      );
    },
    async reject({ bucket, name, generation }, report) {
      const place = storage.bucket(bucket);
      const file = place.file(name, generation === '' ? {} : { generation });
      const text = `${JSON.stringify(report, null, 2)}\n`;
      await place
        .file(`${REJECTED}${name}.report.json`)
        .save(text, { resumable: false, contentType: 'application/json' });
      if (!(await file.exists())[0]) return;
      await file.copy(place.file(`${REJECTED}${name}`));
      await file.delete({ ignoreNotFound: true });
    },
  };
}

/** Undefined where the object is there no more. */
async function metadataOf(file: File): Promise<FileMetadata | undefined> {
  try {
    return (await file.getMetadata())[0];
  } catch (error) {
    if ((error as { code?: unknown }).code === 404) return undefined;
    throw error;
  }
}

async function* bytesOf(
  file: File,
  { start, end }: { readonly start: number; readonly end?: number } = { start: 0 },
): AsyncGenerator<Buffer> {
  if (end !== undefined && end <= start) return;
  const whole = start === 0 && end === undefined;
  // A checksum over the inflated bytes of a gzip object would not match, nor would one over a part.
  const stream: Readable = file.createReadStream({
    decompress: false,
    ...(whole ? {} : { start, ...(end === undefined ? {} : { end: end - 1 }) }),
  });
  try {
    yield* stream as AsyncIterable<Buffer>;
  } finally {
    stream.destroy();
  }
}
