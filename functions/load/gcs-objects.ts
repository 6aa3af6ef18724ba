import type { Readable } from 'node:stream';
import { type CloudStorageOptions, openCloudStorage } from '../../shared/cloud-storage.ts';
import type { InboxObject, ObjectStore } from './load.ts';

/** Objects in Cloud Storage, read as stored: what is gzip stays so, and is inflated by whoever tells it by content. */
export function makeGcsObjects(options: CloudStorageOptions): ObjectStore {
  const storage = openCloudStorage(options);
  return {
    async open({ bucket, name, generation }: InboxObject): Promise<Readable | undefined> {
      const file = storage.bucket(bucket).file(name, { generation });
      const [exists] = await file.exists();
      // A checksum over the inflated bytes of a gzip object would not match.
      return exists ? file.createReadStream({ decompress: false }) : undefined;
    },
  };
}
