import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { BigQuery, Job } from '@google-cloud/bigquery';
import type { Bucket } from '@google-cloud/storage';
import { messageOf, TransientError } from '../../shared/errors.ts';
import { loadOnce } from '../../shared/load-once.ts';
import type { Staging } from './load-context.ts';

/** Load jobs of one load that may fail, one with each delivery. */
const MAX_JOBS = 100;

export interface BigQueryStagingOptions {
  readonly bigquery: BigQuery;
  /** Where rows wait. */
  readonly bucket: Bucket;
  readonly dataset: string;
  readonly table: string;
  /** How long one load job is waited for. Milliseconds. */
  readonly jobTimeoutMs: number;
}

/**
 * Stages rows as gzipped NDJSON under `loads/<load id>/`, and appends them by one load job
 * (https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-json), which costs nothing and is atomic. Jobs are named after
 * the load and numbered, and the next is created only where all before it have failed, so that one succeeds at most.
 */
export function makeBigQueryStaging(options: BigQueryStagingOptions): Staging {
  const { bigquery, bucket, dataset, table, jobTimeoutMs } = options;
  const prefix = (loadId: string): string => `loads/${loadId}/`;

  const discard = async (loadId: string): Promise<void> => {
    await bucket.deleteFiles({ prefix: prefix(loadId), force: true });
  };

  /** Outside of the US and the EU, a job is found only where its dataset is. */
  const location = loadOnce(async () => {
    const [metadata] = await bigquery.dataset(dataset).getMetadata();
    return (metadata as { readonly location: string }).location;
  });

  /** The job of a load; created where there is none. Each has a name of its own. */
  const jobOf = async (
    loadId: string,
    number: number,
  ): Promise<{ readonly job: Job; readonly created: boolean }> => {
    const jobId = `nextclick_load_${loadId}${number === 0 ? '' : `_${number}`}`;
    try {
      const [job] = await bigquery.createJob({
        jobId,
        configuration: {
          load: {
            sourceUris: [`gs://${bucket.name}/${prefix(loadId)}*`],
            sourceFormat: 'NEWLINE_DELIMITED_JSON',
            writeDisposition: 'WRITE_APPEND',
            createDisposition: 'CREATE_NEVER',
            ignoreUnknownValues: true,
            destinationTable: { projectId: bigquery.projectId, datasetId: dataset, tableId: table },
          },
        },
      });
      return { job, created: true };
    } catch (error) {
      if ((error as { code?: unknown }).code !== 409) throw error;
      return { job: bigquery.job(jobId, { location: await location() }), created: false };
    }
  };

  return {
    open(loadId, chunk) {
      const file = bucket.file(`${prefix(loadId)}${chunk}.ndjson.gz`);
      const gzip = createGzip({ level: 3 });
      const upload = file.createWriteStream({ resumable: false, contentType: 'application/gzip' });
      gzip.pipe(upload);
      const done = finished(upload);
      done.catch(() => undefined);
      let rows = 0;
      return {
        async write(events) {
          rows += events.length;
          const text = events.map((event) => `${JSON.stringify(event)}\n`).join('');
          if (!gzip.write(text)) await Promise.race([once(gzip, 'drain'), done]);
        },
        async commit() {
          if (rows === 0) {
            upload.destroy();
            return;
          }
          gzip.end();
          try {
            await done;
          } catch (cause) {
            throw new TransientError(`staging ${file.name} failed: ${messageOf(cause)}`, { cause });
          }
        },
        abort() {
          upload.destroy();
          gzip.destroy();
        },
      };
    },
    async load(loadId) {
      try {
        const deadline = Date.now() + jobTimeoutMs;
        for (let number = 0; ; number += 1) {
          const { job, created } = await jobOf(loadId, number);
          const failure = await outcomeOf(job, deadline);
          if (failure === undefined) break;
          // The next delivery creates the next job: what made this one fail may be over by then.
          if (created || number === MAX_JOBS - 1) throw new Error(failure);
        }
        await discard(loadId);
      } catch (cause) {
        throw new TransientError(`the load job of ${loadId} failed: ${messageOf(cause)}`, { cause });
      }
    },
    discard,
  };
}

/** Waits for a job's end; answers why it failed. */
async function outcomeOf(job: Job, deadline: number): Promise<string | undefined> {
  for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 5_000)) {
    const [{ status }] = await job.getMetadata();
    if (status?.state === 'DONE') {
      return status.errorResult && (status.errorResult.message ?? 'BigQuery does not say why');
    }
    if (Date.now() > deadline) throw new Error('it has not ended yet');
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
