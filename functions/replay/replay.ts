import { messageOf, TransientError } from '../../shared/errors.ts';
import type { FailedEvent } from '../../shared/events.ts';
import type { Publisher } from '../../shared/publisher.ts';
import { replayAttributes } from '../../shared/replayed.ts';
import { type Mended, mend, type Obstacle } from './mend.ts';
import type { FailedEvents, PayloadReader, Place, Selection, Transform } from './ports.ts';

export interface ReplayOptions {
  readonly failedEvents: FailedEvents;
  readonly payloads: PayloadReader;
  readonly publisher: Publisher;
  readonly clock: () => number;
  /** Failed events that are published, and then marked, together; default 200. */
  readonly groupSize?: number;
}

/** One run. */
export interface ReplayRun extends Selection {
  readonly transform?: Transform | undefined;
  /** Looks, and publishes nothing. */
  readonly dryRun?: boolean;
  /** Ends the run early, between two groups; what is left is told by `more`. */
  readonly outOfTime?: () => boolean;
  /** Called after each group. */
  readonly onProgress?: (report: ReplayReport) => void;
}

/** What a run did, or in a dry run would do. */
export interface ReplayReport {
  readonly replay_id: string;
  /** Failed events looked at. */
  readonly found: number;
  /** Of them published again, and marked. */
  readonly replayed: number;
  /** Of them left, by obstacle. */
  readonly skipped: Readonly<Partial<Record<Obstacle, number>>>;
  /** Those replayed, by the function and reason of their failure, as `enrich invalid_event`. */
  readonly causes: Readonly<Record<string, number>>;
  /** Whether the run ended before it had looked at all. */
  readonly more: boolean;
  /** The last looked at, if any: what a run that goes on comes after. */
  readonly last?: Place;
}

interface Piece {
  readonly failed: FailedEvent;
  readonly mended: Mended;
}

/**
 * Publishes failed events again, each in a message of its own that says which failure it comes from, and then appends marks. An
 * event that was published and not marked, because the run broke off, is published once more by the next: events are
 * idempotent by id. A second failure is a new row that points to the first, and no run picks it up unless it is told to.
 * @throws TransientError where Pub/Sub or the warehouse fail; what was published until then is marked.
 */
export function makeReplay({ failedEvents, payloads, publisher, clock, groupSize = 200 }: ReplayOptions) {
  const publish = async (run: ReplayRun, { failed, mended }: Piece): Promise<boolean> => {
    if ('obstacle' in mended) return false;
    const attributes = replayAttributes({
      replayId: run.replayId,
      replayOf: failed.replay_of ?? failed.failed_id,
      attempts: failed.attempts,
    });
    await publisher.publish(mended.topic, mended.events, attributes);
    return true;
  };

  const replayGroup = async (run: ReplayRun, group: readonly FailedEvent[]): Promise<readonly Piece[]> => {
    const pieces = await Promise.all(
      group.map(async (failed) => ({ failed, mended: await mend(failed, payloads, run.transform) })),
    );
    if (run.dryRun) return pieces;
    const outcomes = await Promise.allSettled(pieces.map((piece) => publish(run, piece)));
    const published = pieces.flatMap(({ failed }, index) => {
      const outcome = outcomes[index];
      return outcome?.status === 'fulfilled' && outcome.value ? [failed.failed_id] : [];
    });
    if (published.length > 0)
      await failedEvents.mark(published, run.replayId, new Date(clock()).toISOString());
    const refusal = outcomes.find((outcome) => outcome.status === 'rejected');
    if (refusal) {
      throw new TransientError(
        `${published.length} of ${group.length} failed events were published again, then: ${messageOf(refusal.reason)}`,
        { cause: refusal.reason },
      );
    }
    return pieces;
  };

  return async (run: ReplayRun): Promise<ReplayReport> => {
    let report: ReplayReport = {
      replay_id: run.replayId,
      found: 0,
      replayed: 0,
      skipped: {},
      causes: {},
      more: false,
    };
    for await (const group of groupsOf(failedEvents.select(run), groupSize)) {
      // One group at least, so that a run that goes on comes to an end.
      if (report.found > 0 && run.outOfTime?.()) return { ...report, more: true };
      report = counted(report, await replayGroup(run, group));
      run.onProgress?.(report);
    }
    return report;
  };
}

export type Replay = ReturnType<typeof makeReplay>;

function counted(report: ReplayReport, pieces: readonly Piece[]): ReplayReport {
  const skipped = { ...report.skipped };
  const causes = { ...report.causes };
  for (const { failed, mended } of pieces) {
    if ('obstacle' in mended) skipped[mended.obstacle] = (skipped[mended.obstacle] ?? 0) + 1;
    else {
      const cause = `${failed.function} ${failed.reason}`;
      causes[cause] = (causes[cause] ?? 0) + 1;
    }
  }
  const replayed = Object.values(causes).reduce((sum, count) => sum + count, 0);
  const last = pieces.at(-1)?.failed;
  return {
    ...report,
    found: report.found + pieces.length,
    replayed,
    skipped,
    causes,
    ...(last && { last: { failed_at: last.failed_at, failed_id: last.failed_id } }),
  };
}

async function* groupsOf<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<readonly T[]> {
  let group: T[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
