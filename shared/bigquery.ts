import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';

/**
 * A BigQuery client. Where `BIGQUERY_EMULATOR_HOST` is set it sends no credentials: left alone, it would look for a
 * metadata server as soon as `K_SERVICE` is set.
 */
export function makeBigQuery(projectId: string, emulator = process.env.BIGQUERY_EMULATOR_HOST): BigQuery {
  return new BigQuery({ projectId, ...(emulator ? { authClient: new PassThroughClient() } : {}) });
}
