import type { Storage } from '@google-cloud/storage';
import type { PayloadReader } from './ports.ts';

/** Payloads in Cloud Storage. Objects of other buckets are not read, whatever a row says. */
export function makeGcsPayloadReader(storage: Storage, bucket: string): PayloadReader {
  const prefix = `gs://${bucket}/`;
  return {
    async read(uri) {
      if (!uri.startsWith(prefix)) return undefined;
      try {
        const [content] = await storage.bucket(bucket).file(uri.slice(prefix.length)).download();
        return content.toString('utf8');
      } catch (error) {
        if ((error as { code?: unknown }).code === 404) return undefined;
        throw error;
      }
    },
  };
}
