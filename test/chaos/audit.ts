import type { Stores } from '../../emulators/stores.ts';
import { DATASET } from '../../shared/pipeline.ts';
import type { Step } from './journeys.ts';

/** Where every event that was sent has ended. */
export interface Audit {
  readonly stored: number;
  readonly consent_dropped: number;
  /** Failed events by function and reason, of events that are not stored. */
  readonly failed: Readonly<Record<string, number>>;
  /** Sent, taken over with a 2xx, and nowhere; the first of them. */
  readonly missing: readonly string[];
  /** Events that ended elsewhere than they should, as `id: stored, not failed`; refusals that were injected excepted. */
  readonly astray: readonly string[];
  /** Rows of the raw table beyond one an event; redelivery makes them. */
  readonly duplicates_raw: number;
  /** Rows of the view beyond one an event. */
  readonly duplicates_view: number;
}

const SHOWN = 10;

/** Asks the warehouse, event by event, what became of these. */
export async function auditEvents(
  { bigquery }: Pick<Stores, 'bigquery'>,
  steps: readonly Step[],
): Promise<Audit> {
  const ask = async <T>(sql: string): Promise<readonly T[]> => (await bigquery.query(sql))[0] as T[];
  const idsOf = async (table: string): Promise<ReadonlySet<string>> => {
    const rows = await ask<{ event_id: string }>(`SELECT DISTINCT event_id FROM \`${DATASET}.${table}\``);
    return new Set(rows.map(({ event_id }) => event_id));
  };
  const stored = await idsOf('events_raw');
  const dropped = await idsOf('consent_drops_raw');
  const failures = new Map(
    (
      await ask<{ event_id: string | null; cause: string }>(
        `SELECT event_id, CONCAT(\`function\`, ': ', reason) AS cause FROM \`${DATASET}.failed_events_raw\``,
      )
    ).map(({ event_id, cause }) => [event_id, cause]),
  );
  const [rows] = await ask<{ raw: number; raw_ids: number; seen: number; seen_ids: number }>(`SELECT
      (SELECT COUNT(*) FROM \`${DATASET}.events_raw\`) AS raw,
      (SELECT COUNT(DISTINCT event_id) FROM \`${DATASET}.events_raw\`) AS raw_ids,
      (SELECT COUNT(*) FROM \`${DATASET}.events\`) AS seen,
      (SELECT COUNT(DISTINCT event_id) FROM \`${DATASET}.events\`) AS seen_ids`);

  const counts = { stored: 0, consent_dropped: 0 };
  const failed: Record<string, number> = {};
  const missing: string[] = [];
  const astray: string[] = [];
  for (const { event, fate } of steps) {
    const id = event.event_id;
    const cause = failures.get(id);
    const end = stored.has(id)
      ? 'stored'
      : dropped.has(id)
        ? 'consent_dropped'
        : cause
          ? 'failed'
          : undefined;
    if (end === undefined) missing.push(id);
    else if (end !== 'failed') counts[end] += 1;
    else if (cause) failed[cause] = (failed[cause] ?? 0) + 1;
    const isInjected = cause === 'warehouse: warehouse_rejected';
    if (end !== undefined && end !== fate && !isInjected) astray.push(`${id}: ${cause ?? end}, not ${fate}`);
  }
  return {
    ...counts,
    failed,
    missing: missing.slice(0, SHOWN),
    astray: astray.slice(0, SHOWN),
    duplicates_raw: Number(rows?.raw ?? 0) - Number(rows?.raw_ids ?? 0),
    duplicates_view: Number(rows?.seen ?? 0) - Number(rows?.seen_ids ?? 0),
  };
}
