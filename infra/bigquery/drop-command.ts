import { parseArgs } from 'node:util';
import { BigQuery } from '@google-cloud/bigquery';
import { DATASET } from '../../shared/pipeline.ts';
import { gcloudAuth } from '../deploy/access-token.ts';

/** `node infra/bigquery/drop-command.ts --project P`: deletes the warehouse and every row in it. */
const { values } = parseArgs({ options: { project: { type: 'string' } } });
const { project: projectId = '' } = values;
const emulator = process.env.BIGQUERY_EMULATOR_HOST;
const bigquery = new BigQuery(emulator ? { projectId } : { projectId, authClient: gcloudAuth() });
const dataset = bigquery.dataset(DATASET);
if ((await dataset.exists())[0]) await dataset.delete({ force: true });
process.stdout.write(`dataset ${DATASET} is deleted\n`);
