import type { FailedEvent } from '../../shared/events.ts';
import { LIMITS } from '../../shared/limits.ts';

/** Where payloads are kept that are too long for a row. */
export interface PayloadStore {
  /**
   * Keeps a payload, once for each failed event, and answers where: `gs://bucket/name`.
   * @throws where it could not be kept
   */
  keep(failed: FailedEvent): Promise<string>;
}

/**
 * The row of a failed event: its payload cut at `LIMITS.failedPayload`, with a reference to the whole. A payload that was cut
 * before, because no message holds it, is whole nowhere and has no reference.
 */
export async function rowOf(failed: FailedEvent, store: PayloadStore): Promise<FailedEvent> {
  if (failed.payload.length <= LIMITS.failedPayload) return failed;
  const payload_uri = failed.payload_truncated ? undefined : await store.keep(failed);
  return {
    ...failed,
    payload: failed.payload.slice(0, LIMITS.failedPayload),
    payload_truncated: true,
    ...(payload_uri === undefined ? {} : { payload_uri }),
  };
}
