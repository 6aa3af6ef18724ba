import { z } from 'zod';
import { FAILURE_REASONS } from '../../../shared/errors.ts';
import { DATASET, FUNCTIONS, TABLES } from '../../../shared/pipeline.ts';
import type { QueryRows } from './bigquery-rows.ts';
import type { Table } from './protocol.ts';

const BOUNDS = { rows: 200, ms: 20_000 } as const;

/** Which failures to show; empty for any. */
export const FailureFilter = z.object({
  reason: z.enum(['', ...FAILURE_REASONS]).default(''),
  function: z.enum(['', ...FUNCTIONS.map(({ name }) => name)]).default(''),
  /** A part of the payload, message or ids. */
  text: z.string().max(200).default(''),
});
export type FailureFilter = z.infer<typeof FailureFilter>;

/** The newest failures that fit, newest first. */
export function listFailures(query: QueryRows, filter: FailureFilter): Promise<Table> {
  return query(
    `SELECT *
     FROM ${DATASET}.${TABLES.failed}
     WHERE (@reason = '' OR reason = @reason)
       AND (@function = '' OR \`function\` = @function)
       AND (@text = '' OR CONTAINS_SUBSTR(CONCAT(IFNULL(event_id, ''), ' ', failed_id, ' ', message, ' ', payload), @text))
     ORDER BY failed_at DESC
     LIMIT ${BOUNDS.rows + 1}`,
    { ...filter },
    BOUNDS,
  );
}

/** How many failed, by function and reason, the most first. */
export function countFailures(query: QueryRows): Promise<Table> {
  return query(
    `SELECT \`function\`, reason, COUNT(*) AS failures, MAX(failed_at) AS newest
     FROM ${DATASET}.${TABLES.failed}
     GROUP BY \`function\`, reason
     ORDER BY failures DESC, \`function\`, reason
     LIMIT 100`,
    {},
    BOUNDS,
  );
}
