import { randomUUID } from 'node:crypto';
import { BigQueryError, type QueryResult } from '../backend.ts';

/** What came of a job's work. */
export interface Outcome {
  /** Rows, of a query. */
  readonly result?: QueryResult;
  /** `statistics` of other jobs. */
  readonly statistics?: Readonly<Record<string, unknown>>;
}

export interface Job extends Outcome {
  readonly id: string;
  readonly project: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly ended: number;
  readonly error?: BigQueryError;
}

export interface JobRequest {
  readonly project: string;
  /** Default one of the server's own. */
  readonly id: string | undefined;
  /** As the client gave it. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

const KEPT_JOBS = 100;

/** Jobs that ran, the newest hundred: here a job is done before it is answered. */
export function makeJobs() {
  const jobs = new Map<string, Job>();
  return {
    /** Does a job's work; a BigQueryError is the job's outcome. @throws BigQueryError duplicate for an id in use */
    async run(
      { project, id = `job_${randomUUID()}`, configuration }: JobRequest,
      work: () => Promise<Outcome>,
    ): Promise<Job> {
      if (jobs.has(id)) throw new BigQueryError(409, 'duplicate', `Already Exists: Job ${project}:US.${id}`);
      const created = Date.now();
      const outcome = await work().catch((error: unknown) => {
        if (error instanceof BigQueryError) return { error };
        throw error;
      });
      const job: Job = { id, project, configuration, created, ended: Date.now(), ...outcome };
      const oldest = jobs.keys().next().value;
      if (jobs.size >= KEPT_JOBS && oldest !== undefined) jobs.delete(oldest);
      jobs.set(id, job);
      return job;
    },
    /** @throws BigQueryError notFound */
    find(project: string, id: string): Job {
      const job = jobs.get(id);
      if (job) return job;
      throw new BigQueryError(404, 'notFound', `Not found: Job ${project}:${id}`);
    },
    /** The newest first. */
    list: (project: string): readonly Job[] =>
      [...jobs.values()].filter((job) => job.project === project).reverse(),
    forget: (id: string): boolean => jobs.delete(id),
    clear: (): void => jobs.clear(),
  };
}
export type Jobs = ReturnType<typeof makeJobs>;

/** A job as jobs.get shows it. */
export function jobResource(job: Job): Record<string, unknown> {
  const { result, error } = job;
  const failure = error && {
    reason: error.reason,
    message: error.message,
    ...(error.faults[0]?.location === undefined ? {} : { location: error.faults[0].location }),
  };
  const [jobType = 'query'] = ['load', 'extract', 'copy'].filter((type) => type in job.configuration);
  return {
    kind: 'bigquery#job',
    id: `${job.project}:US.${job.id}`,
    jobReference: { projectId: job.project, jobId: job.id, location: 'US' },
    configuration: { jobType: jobType.toUpperCase(), ...job.configuration },
    status: {
      state: 'DONE',
      ...(failure ? { errorResult: failure, errors: [failure, ...(error?.faults ?? [])] } : {}),
    },
    statistics: {
      creationTime: String(job.created),
      startTime: String(job.created),
      endTime: String(job.ended),
      totalBytesProcessed: '0',
      ...job.statistics,
      ...(jobType === 'query' ? { query: queryStatistics(result) } : {}),
    },
    user_email: 'local@nextclick.invalid',
  };
}

function queryStatistics(result: QueryResult | undefined): object {
  return {
    totalBytesProcessed: '0',
    statementType: result?.statement,
    ...(result?.changed === undefined ? {} : { numDmlAffectedRows: String(result.changed) }),
  };
}
