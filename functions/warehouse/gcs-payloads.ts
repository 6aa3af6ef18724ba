import type { Storage } from '@google-cloud/storage';
import { messageOf, TransientError } from '../../shared/errors.ts';
import type { PayloadStore } from './quarantine.ts';

/** Payloads as objects `failed-events/<day>/<failed id>`. Its account may create objects and do no more, so none is written twice. */
export function makeGcsPayloads(storage: Storage, bucket: string): PayloadStore {
  return {
    async keep({ failed_id, failed_at, payload }) {
      const name = `failed-events/${failed_at.slice(0, 10)}/${encodeURIComponent(failed_id)}`;
      const uri = `gs://${bucket}/${name}`;
      try {
        await storage
          .bucket(bucket)
          .file(name)
          .save(payload, {
            resumable: false,
            contentType: 'text/plain; charset=utf-8',
            preconditionOpts: { ifGenerationMatch: 0 },
          });
      } catch (error) {
        // 412: an earlier delivery has kept it.
        if ((error as { code?: unknown }).code !== 412) {
          throw new TransientError(`the payload could not be kept as ${uri}: ${messageOf(error)}`, {
            cause: error,
          });
        }
      }
      return uri;
    },
  };
}
