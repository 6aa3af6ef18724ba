import { makeFailedEvent } from '../../shared/failed-event.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import type { LoadOptions, RunContext } from './load-context.ts';
import type { Counts, InboxObject, LoadRecord, Sink, Totals } from './ports.ts';

/** Records after which a load may be judged before its end. */
export const ENOUGH_RECORDS = 1_000;

/** How loads end. */
export interface Ending {
  /** Whether so many records failed that the object cannot be what its source says. */
  tooBad(counts: Counts): boolean;
  /** Ends a load whose chunks are all done, or too many of whose records failed; else does nothing. */
  conclude(
    object: InboxObject,
    loadId: string,
    context: RunContext,
    samples?: Sink['samples'],
  ): Promise<void>;
  /** Moves an object that cannot be loaded to `rejected/`, with a report beside it and a failed event. */
  reject(
    object: InboxObject,
    record: Rejected,
    reason: string,
    context: RunContext,
    details?: Details,
  ): Promise<void>;
}

type Rejected = Pick<LoadRecord, 'load_id' | 'kind'>;
interface Details {
  readonly totals?: Totals;
  readonly samples?: Sink['samples'];
}

export function makeEnding(options: LoadOptions): Ending {
  const { identity, objects, ledger, publisher, staging, limits, clock = Date.now } = options;

  const tooBad = ({ read, failed }: Counts): boolean => failed > read * limits.maxBadShare;

  const reject: Ending['reject'] = async (object, record, reason, context, { totals, samples = [] } = {}) => {
    const uri = uriOf(object);
    const message = `${uri} was rejected: ${reason}`;
    const failed = makeFailedEvent(
      identity,
      { reason: 'file_rejected', message, payload: { object: uri }, replayTopic: TOPICS.inbox },
      clock(),
    );
    await publisher.publish(TOPICS.failed, [failed], context.outgoing);
    if (record.kind === 'history') await staging.discard(record.load_id);
    await objects.reject(object, {
      object: uri,
      reason,
      rejected_at: new Date(clock()).toISOString(),
      ...totals,
      first_failures: samples,
    });
    await ledger.end(record.load_id, { state: 'rejected', reason, ...totals });
    context.log.error(message, { load_id: record.load_id });
  };

  return {
    tooBad,
    reject,
    async conclude(object, loadId, context, samples = []) {
      const [record, totals] = await Promise.all([ledger.find(loadId), ledger.totals(loadId)]);
      if (record?.state !== 'loading') return;
      const complete = record.chunks !== undefined && totals.chunks >= record.chunks;
      if (tooBad(totals) && (complete || totals.read >= ENOUGH_RECORDS)) {
        const share = `${limits.maxBadShare * 100} %`;
        const reason = `${totals.failed} of ${totals.read} records failed, and at most ${share} may; is it of the source ${record.source}?`;
        await reject(object, record, reason, context, { totals, samples });
        return;
      }
      if (!complete) return;
      if (record.kind === 'history' && totals.out > 0) await staging.load(loadId);
      await ledger.end(loadId, { state: 'done', ...totals });
      context.log.info(`${uriOf(object)} is loaded`, { load_id: loadId, ...totals });
    },
  };
}

/** An object as `gs://bucket/name`. */
export function uriOf({ bucket, name }: InboxObject): string {
  return `gs://${bucket}/${name}`;
}
