import { BigQuery } from '@google-cloud/bigquery';
import { required, runCommand } from '../../shared/command-line.ts';
import { DATASET } from '../../shared/pipeline.ts';
import { gcloudAuth } from '../deploy/access-token.ts';

const CALL = 'node infra/bigquery/drop-command.ts';

await runCommand({
  call: CALL,
  usage: `Usage: ${CALL} --project P\n\nDeletes the warehouse and every row in it.\n`,
  options: { project: { type: 'string', default: '' } },
  run: async ({ project }) => {
    // Without one the client takes the project of whoever is signed in.
    const projectId = required('project', project);
    const emulator = process.env.BIGQUERY_EMULATOR_HOST;
    const bigquery = new BigQuery(emulator ? { projectId } : { projectId, authClient: gcloudAuth() });
    const dataset = bigquery.dataset(DATASET);
    if ((await dataset.exists())[0]) await dataset.delete({ force: true });
    process.stdout.write(`dataset ${DATASET} is deleted\n`);
  },
});
