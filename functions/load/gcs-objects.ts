import type { Readable } from 'node:stream';
import { Storage } from '@google-cloud/storage';
import type { InboxObject, ObjectStore } from './load.ts';

export interface GcsObjectsOptions {
  readonly projectId: string;
  /** `http://host:port` of a storage emulator; default `STORAGE_EMULATOR_HOST`, else Google's service. */
  readonly emulatorHost?: string | undefined;
}

/** Objects in Cloud Storage, read as stored: what is gzip stays so, and is inflated by whoever tells it by content. */
export function makeGcsObjects({ projectId, emulatorHost }: GcsObjectsOptions): ObjectStore {
  const storage = new Storage({ projectId, ...(emulatorHost ? { apiEndpoint: emulatorHost } : {}) });
  return {
    async open({ bucket, name, generation }: InboxObject): Promise<Readable | undefined> {
      const file = storage.bucket(bucket).file(name, { generation });
      const [exists] = await file.exists();
      // A checksum over the inflated bytes of a gzip object would not match.
      return exists ? file.createReadStream({ decompress: false }) : undefined;
    },
  };
}
