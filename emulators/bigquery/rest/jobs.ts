import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Backend, BigQueryError, type Cell, type QueryResult, type TableField } from '../backend.ts';
import { QueryParameter } from '../sql/parameters.ts';

/** What jobs.query and a query job's configuration have in common. */
export const QueryConfiguration = z.object({
  query: z.string(),
  defaultDataset: z.object({ datasetId: z.string() }).partial().optional(),
  queryParameters: z.array(QueryParameter).optional(),
});

/** How timestamps read: float seconds, or whole microseconds where the client asks. */
export interface ResultFormat {
  readonly useInt64Timestamp: boolean;
}

interface Job {
  readonly id: string;
  readonly project: string;
  readonly configuration: unknown;
  readonly created: number;
  readonly ended: number;
  readonly result?: QueryResult | undefined;
  readonly error?: BigQueryError | undefined;
}

/** Rows of one page where a client does not say. */
const PAGE_ROWS = 10_000;
const KEPT_JOBS = 100;

/** Query jobs and their results, the newest hundred. */
export function makeJobs(backend: Backend) {
  const jobs = new Map<string, Job>();

  const run = async (
    project: string,
    configuration: z.infer<typeof QueryConfiguration>,
    given: { id?: string | undefined; dryRun?: boolean | undefined; echo: unknown },
  ): Promise<Job> => {
    const created = Date.now();
    const id = given.id ?? `job_${randomUUID()}`;
    let outcome: Pick<Job, 'result' | 'error'>;
    try {
      const result = await backend.query({
        project,
        sql: configuration.query,
        dataset: configuration.defaultDataset?.datasetId,
        parameters: configuration.queryParameters,
        dryRun: given.dryRun,
      });
      outcome = { result };
    } catch (error) {
      if (!(error instanceof BigQueryError)) throw error;
      outcome = { error };
    }
    const job: Job = { id, project, configuration: given.echo, created, ended: Date.now(), ...outcome };
    const oldest = jobs.keys().next().value;
    if (jobs.size >= KEPT_JOBS && oldest !== undefined) jobs.delete(oldest);
    jobs.set(id, job);
    return job;
  };

  const find = (project: string, id: string): Job => {
    const job = jobs.get(id);
    if (job) return job;
    throw new BigQueryError(404, 'notFound', `Not found: Job ${project}:${id}`);
  };

  return {
    run,
    find,
    list: (project: string) => [...jobs.values()].filter((job) => job.project === project).reverse(),
    clear: () => jobs.clear(),
  };
}
export type Jobs = ReturnType<typeof makeJobs>;

/** A job as jobs.get shows it. */
export function jobResource(job: Job): Record<string, unknown> {
  const failure = job.error && { reason: job.error.reason, message: job.error.message, location: 'query' };
  return {
    kind: 'bigquery#job',
    id: `${job.project}:US.${job.id}`,
    jobReference: { projectId: job.project, jobId: job.id, location: 'US' },
    configuration: job.configuration,
    status: { state: 'DONE', ...(failure ? { errorResult: failure, errors: [failure] } : {}) },
    statistics: {
      creationTime: String(job.created),
      startTime: String(job.created),
      endTime: String(job.ended),
      totalBytesProcessed: '0',
      query: {
        totalBytesProcessed: '0',
        statementType: job.result?.statement,
        ...(job.result?.changed === undefined ? {} : { numDmlAffectedRows: String(job.result.changed) }),
      },
    },
    user_email: 'local@nextclick.invalid',
  };
}

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
