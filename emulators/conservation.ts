import { DATASET } from '../shared/pipeline.ts';
import type { Stores } from './stores.ts';

/** What became of the accepted events, from the view `conservation`; see infra/bigquery/views/conservation.sql. */
export interface Conservation {
  readonly warehouse_rows: number;
  readonly warehouse_distinct: number;
  readonly failed: number;
  readonly consent_dropped: number;
}

export async function readConservation({ bigquery }: Stores): Promise<Conservation> {
  const [rows] = await bigquery.query(`SELECT * FROM \`${DATASET}.conservation\``);
  const row = (rows[0] ?? {}) as Record<string, unknown>;
  return {
    warehouse_rows: Number(row.event_rows),
    warehouse_distinct: Number(row.stored),
    failed: Number(row.failed),
    consent_dropped: Number(row.consent_dropped),
  };
}

/** Events that have reached an end, whichever. */
export function settled({ warehouse_distinct, failed, consent_dropped }: Conservation): number {
  return warehouse_distinct + failed + consent_dropped;
}
