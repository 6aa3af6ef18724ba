import { BigQuery } from '@google-cloud/bigquery';
import { required, runCommand } from '../../shared/command-line.ts';
import { DATASET } from '../../shared/pipeline.ts';
import { gcloudAuth } from '../deploy/access-token.ts';
import { applyWarehouse } from './apply.ts';

const CALL = 'node infra/bigquery/apply-command.ts';

await runCommand({
  call: CALL,
  usage: `Usage: ${CALL} --project P --location L\n\nBrings the warehouse to what is declared.\n`,
  options: { project: { type: 'string', default: '' }, location: { type: 'string', default: '' } },
  run: async (values) => {
    const projectId = required('project', values.project);
    const location = required('location', values.location);
    const emulator = process.env.BIGQUERY_EMULATOR_HOST;
    const bigquery = new BigQuery(emulator ? { projectId } : { projectId, authClient: gcloudAuth() });
    const { created, updated } = await applyWarehouse({ bigquery, dataset: DATASET, location });
    process.stdout.write(
      `created: ${created.join(', ') || 'nothing'}; updated: ${updated.join(', ') || 'nothing'}\n`,
    );
  },
});
