import type { CloudEvent } from '@google-cloud/functions-framework';
import { messageOf } from '../../shared/errors.ts';
import type { Logger } from '../../shared/log.ts';
import { childTrace, formatTraceparent, parseTraceparent, traceFields } from '../../shared/trace.ts';
import type { Load } from './load.ts';

/**
 * The part that is read of a `google.cloud.storage.object.v1.finalized` event's data:
 * https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/storage/v1/data.proto
 */
export interface ObjectData {
  readonly bucket?: string;
  readonly name?: string;
  readonly generation?: string | number;
}

export interface ObjectHandlerOptions {
  readonly load: Load;
  readonly project: string;
  readonly log: Logger;
  readonly clock?: () => number;
}

/**
 * The handler of a bucket's finalized objects: loads the object and logs one line `handled`. It returns, and so
 * acknowledges, only once everything is durable; it throws for redelivery.
 */
export function makeObjectHandler({
  load,
  project,
  log,
  clock = Date.now,
}: ObjectHandlerOptions): (event: CloudEvent<ObjectData>) => Promise<void> {
  return async (event) => {
    const started = clock();
    const { bucket, name, generation } = event.data ?? {};
    if (!bucket || !name) {
      log.error('a delivery that names no object was acknowledged unread', {
        source: event.source,
        type: event.type,
      });
      return;
    }
    const trace = childTrace(parseTraceparent(event.traceparent as string | undefined));
    const lineLog = log.with({ ...traceFields(project, trace), object: `gs://${bucket}/${name}` });
    try {
      const object = { bucket, name, generation: String(generation ?? '') };
      const outgoing = { traceparent: formatTraceparent(trace) };
      const report = await load.onObject(object, { outgoing, log: lineLog });
      lineLog.info('handled', {
        metric: { in: report.read, out: report.out, failed: report.failed, duration_ms: clock() - started },
      });
    } catch (error) {
      lineLog.error(`the object will be delivered again: ${messageOf(error)}`, {
        error,
        metric: { redeliver: 1, duration_ms: clock() - started },
      });
      throw error;
    }
  };
}
