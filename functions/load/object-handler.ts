import type { CloudEvent } from '@google-cloud/functions-framework';
import { messageOf } from '../../shared/errors.ts';
import type { Logger } from '../../shared/log.ts';
import { formatTraceparent, parseTraceparent, traceFields } from '../../shared/trace.ts';
import { silentTracer, type Tracer } from '../../shared/tracing/tracer.ts';
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
  /** Default: one that records nothing. */
  readonly tracer?: Tracer;
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
  tracer = silentTracer,
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
    const uri = `gs://${bucket}/${name}`;
    const span = tracer.start('load object', {
      kind: 'consumer',
      parent: parseTraceparent(event.traceparent as string | undefined),
      attributes: { 'nextclick.object': uri },
    });
    const lineLog = log.with({ ...traceFields(project, span.trace), object: uri });
    try {
      const object = { bucket, name, generation: String(generation ?? '') };
      const outgoing = { traceparent: formatTraceparent(span.trace) };
      const report = await load.onObject(object, { outgoing, log: lineLog });
      lineLog.info('handled', {
        metric: { in: report.read, out: report.out, failed: report.failed, duration_ms: clock() - started },
      });
      span.end({ attributes: { 'nextclick.in': report.read, 'nextclick.out': report.out } });
    } catch (error) {
      lineLog.error(`the object will be delivered again: ${messageOf(error)}`, {
        error,
        metric: { redeliver: 1, duration_ms: clock() - started },
      });
      span.end({ error: messageOf(error) });
      throw error;
    } finally {
      await tracer.settle();
    }
  };
}
