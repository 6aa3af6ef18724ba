import { parseArgs } from 'node:util';
import { BigQuery } from '@google-cloud/bigquery';
import { DATASET } from '../../shared/pipeline.ts';
import { gcloudAuth } from '../deploy/access-token.ts';
import { applyWarehouse } from './apply.ts';

/** `node infra/bigquery/apply-command.ts --project P --location L`: brings the warehouse to what is declared. */
const { values } = parseArgs({ options: { project: { type: 'string' }, location: { type: 'string' } } });
const { project: projectId = '', location = '' } = values;
const emulator = process.env.BIGQUERY_EMULATOR_HOST;
const bigquery = new BigQuery(emulator ? { projectId } : { projectId, authClient: gcloudAuth() });
const { created, updated } = await applyWarehouse({ bigquery, dataset: DATASET, location });
process.stdout.write(
  `created: ${created.join(', ') || 'nothing'}; updated: ${updated.join(', ') || 'nothing'}\n`,
);
