import { z } from 'zod';
import { type Backend, BigQueryError } from '../backend.ts';
import type { Objects } from '../gcs.ts';
import { CopyConfiguration, runCopy } from '../jobs/copy-job.ts';
import { ExtractConfiguration, runExtract } from '../jobs/extract-job.ts';
import { type Job, type Jobs, jobResource } from '../jobs/jobs.ts';
import { LoadConfiguration, runLoad } from '../jobs/load-job.ts';
import { QueryConfiguration, runQuery } from '../jobs/query-job.ts';
import { resultPage } from '../jobs/result-page.ts';
import { type Body, FORMAT, formatOf, PAGING, param, type Route } from './route.ts';

export interface JobBackend {
  readonly backend: Backend;
  readonly objects: Objects;
  readonly jobs: Jobs;
}

/** Starts a job of any kind. @param media the file that a load sends along */
export type InsertJob = (project: string, body: Body, media?: AsyncIterable<Uint8Array>) => Promise<object>;

const Insert = z.object({
  configuration: z
    .looseObject({ dryRun: z.boolean().optional(), jobTimeoutMs: z.coerce.number().positive().optional() })
    .default({}),
  jobReference: z.object({ jobId: z.string().optional() }).optional(),
});

/** jobs.insert: a query that fails is refused, any other job shows its failure. */
export function makeInsertJob({ backend, objects, jobs }: JobBackend): InsertJob {
  return async (project, body, media) => {
    const { configuration, jobReference } = fitted(Insert, body, 'job');
    const request = { project, id: jobReference?.jobId, configuration };
    const { query, load, extract, copy, dryRun = false, jobTimeoutMs: timeoutMs } = configuration;
    let job: Job;
    if (query !== undefined) {
      const fit = fitted(QueryConfiguration, query, 'query');
      const options = { backend, project, configuration: fit, dryRun, timeoutMs };
      job = await jobs.run(request, async () => ({ result: await runQuery(options) }));
      if (job.error) throw job.error;
    } else if (load !== undefined) {
      const options = {
        backend,
        objects,
        project,
        configuration: fitted(LoadConfiguration, load, 'load'),
        media,
      };
      job = await jobs.run(request, async () => ({ statistics: { load: await runLoad(options) } }));
    } else if (extract !== undefined) {
      const options = {
        backend,
        objects,
        project,
        configuration: fitted(ExtractConfiguration, extract, 'extract'),
      };
      job = await jobs.run(request, async () => ({ statistics: { extract: await runExtract(options) } }));
    } else if (copy !== undefined) {
      const options = { backend, project, configuration: fitted(CopyConfiguration, copy, 'copy') };
      job = await jobs.run(request, async () => ({ statistics: { copy: await runCopy(options) } }));
    } else {
      throw new BigQueryError(400, 'invalid', 'A job must have one of query, load, extract and copy.');
    }
    return jobResource(job);
  };
}

/** Queries and jobs. */
export function makeJobRoutes({ backend, jobs }: JobBackend, insert: InsertJob): readonly Route[] {
  const J = 'projects/:projectId';
  return [
    {
      id: 'jobs.query',
      verb: 'POST',
      path: `${J}/queries`,
      handle: async (context, body) => {
        const project = param(context, 'projectId');
        const configuration = fitted(QueryConfiguration, body, 'query');
        const dryRun = body.dryRun === true;
        const job = await jobs.run({ project, id: undefined, configuration: { query: body } }, async () => ({
          result: await runQuery({ backend, project, configuration, dryRun }),
        }));
        const maxResults = body.maxResults === undefined ? undefined : String(body.maxResults);
        return {
          ...resultPage(job, { maxResults }, formatOf(context, body)),
          kind: 'bigquery#queryResponse',
        };
      },
    },
    {
      id: 'jobs.getQueryResults',
      verb: 'GET',
      path: `${J}/queries/:jobId`,
      query: [...PAGING, 'startIndex', 'timeoutMs', 'location', ...FORMAT],
      handle: (context) =>
        resultPage(
          jobs.find(param(context, 'projectId'), param(context, 'jobId')),
          context.req.query(),
          formatOf(context),
        ),
    },
    {
      id: 'jobs.insert',
      verb: 'POST',
      path: `${J}/jobs`,
      handle: (context, body) => insert(param(context, 'projectId'), body),
    },
    {
      id: 'jobs.get',
      verb: 'GET',
      path: `${J}/jobs/:jobId`,
      query: ['location'],
      handle: (context) => jobResource(jobs.find(param(context, 'projectId'), param(context, 'jobId'))),
    },
    {
      id: 'jobs.cancel',
      verb: 'POST',
      path: `${J}/jobs/:jobId/cancel`,
      query: ['location'],
      handle: (context) => ({
        kind: 'bigquery#jobCancelResponse',
        job: jobResource(jobs.find(param(context, 'projectId'), param(context, 'jobId'))),
      }),
    },
    {
      id: 'jobs.delete',
      verb: 'DELETE',
      path: `${J}/jobs/:jobId/delete`,
      query: ['location'],
      handle: (context) => {
        jobs.forget(jobs.find(param(context, 'projectId'), param(context, 'jobId')).id);
        return {};
      },
    },
    {
      id: 'jobs.list',
      verb: 'GET',
      path: `${J}/jobs`,
      query: [
        ...PAGING,
        'allUsers',
        'projection',
        'stateFilter',
        'minCreationTime',
        'maxCreationTime',
        'parentJobId',
      ],
      handle: (context) => ({
        kind: 'bigquery#jobList',
        jobs: jobs.list(param(context, 'projectId')).map((job) => ({ ...jobResource(job), state: 'DONE' })),
      }),
    },
  ];
}

function fitted<T>(schema: z.ZodType<T>, given: unknown, kind: string): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new BigQueryError(
    400,
    'invalid',
    `The ${kind} configuration does not fit: ${where}: ${issue?.message}`,
  );
}
