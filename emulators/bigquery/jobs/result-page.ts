import type { Cell, TableField } from '../backend.ts';
import type { Job } from './jobs.ts';

/** How timestamps read: float seconds, or whole microseconds where the client asks. */
export interface ResultFormat {
  readonly useInt64Timestamp: boolean;
}

/** Rows of one page where a client does not say. */
const PAGE_ROWS = 10_000;

/** One page of a job's rows. @throws what the query failed with */
export function resultPage(
  job: Job,
  query: {
    readonly maxResults?: string | undefined;
    readonly pageToken?: string | undefined;
    readonly startIndex?: string | undefined;
  },
  format: ResultFormat,
): Record<string, unknown> {
  if (job.error) throw job.error;
  const { fields = [], rows = [], changed, statement } = job.result ?? {};
  const start = Number(query.pageToken ?? query.startIndex ?? 0) || 0;
  const wanted = query.maxResults === undefined ? PAGE_ROWS : Math.min(PAGE_ROWS, Number(query.maxResults));
  const end = start + wanted;
  return {
    kind: 'bigquery#getQueryResultsResponse',
    jobReference: { projectId: job.project, jobId: job.id, location: 'US' },
    jobComplete: true,
    cacheHit: false,
    totalBytesProcessed: '0',
    ...(statement === 'SELECT' ? { schema: { fields }, totalRows: String(rows.length) } : { totalRows: '0' }),
    ...(rows.length > 0 ? { rows: rows.slice(start, end).map((row) => formatRow(row, fields, format)) } : {}),
    ...(end < rows.length && wanted > 0 ? { pageToken: String(end) } : {}),
    ...(changed === undefined ? {} : { numDmlAffectedRows: String(changed) }),
  };
}

/** Timestamps as the client asked for them. */
export function formatRow(
  row: { readonly f: readonly Cell[] },
  fields: readonly TableField[],
  format: ResultFormat,
): { readonly f: readonly Cell[] } {
  if (format.useInt64Timestamp) return row;
  return { f: row.f.map((cell, index) => formatCell(cell, fields[index], format)) };
}

function formatCell(cell: Cell, field: TableField | undefined, format: ResultFormat): Cell {
  const { v } = cell;
  if (!field || v === null) return cell;
  if (Array.isArray(v)) return { v: v.map((item: Cell) => formatCell(item, field, format)) };
  if (typeof v === 'object' && 'f' in v) return { v: formatRow(v, field.fields ?? [], format) };
  if (field.type !== 'TIMESTAMP') return cell;
  const micros = BigInt(v as string);
  const [whole, rest] = [micros / 1_000_000n, micros % 1_000_000n];
  return { v: `${whole}.${String(rest < 0n ? -rest : rest).padStart(6, '0')}` };
}
