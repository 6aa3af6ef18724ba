import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { BigQuery, Job } from '@google-cloud/bigquery';
import type { Bucket } from '@google-cloud/storage';
import { messageOf, TransientError } from '../../shared/errors.ts';
import type { Staging } from './load-context.ts';

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
 * (https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-json), which costs nothing and is atomic. The job is named after
 * the load, so that it runs once.
 */
export function makeBigQueryStaging(options: BigQueryStagingOptions): Staging {
  const { bigquery, bucket, dataset, table, jobTimeoutMs } = options;
  const prefix = (loadId: string): string => `loads/${loadId}/`;

  const discard = async (loadId: string): Promise<void> => {
    await bucket.deleteFiles({ prefix: prefix(loadId), force: true });
  };

  /** The job of a load; created where there is none. An attempt that failed has a name of its own. */
  const jobOf = async (loadId: string, attempt: number): Promise<Job> => {
    const jobId = `nextclick_load_${loadId}${attempt === 0 ? '' : `_${attempt}`}`;
    const job = bigquery.job(jobId);
    try {
      const [created] = await bigquery.createJob({
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
      return created;
    } catch (error) {
      if ((error as { code?: unknown }).code === 409) return job;
      throw error;
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
        for (let attempt = 0; ; attempt += 1) {
          const failure = await outcomeOf(await jobOf(loadId, attempt), deadline);
          if (failure === undefined) break;
          if (attempt >= 3) throw new Error(failure);
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
    if (status?.state === 'DONE') return status.errorResult?.message;
    if (Date.now() > deadline) throw new Error('it has not ended yet');
    await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
