import { required, runCommand } from '../../shared/command-line.ts';
import { conservationGapQuery, GAP_SCHEDULE } from '../monitoring/conservation-gap.ts';
import { gcloudAuth } from './access-token.ts';
import { putScheduledQuery, removeScheduledQuery, type TransferApi } from './scheduled-query.ts';

const CALL = 'node infra/deploy/schedule-query-command.ts';
const USAGE = `Usage: ${CALL} --project P --region R --account EMAIL | --remove

Has BigQuery look for missing events every hour; with --remove, no longer.
`;

await runCommand({
  call: CALL,
  usage: USAGE,
  options: {
    project: { type: 'string', default: '' },
    region: { type: 'string', default: '' },
    account: { type: 'string', default: '' },
    remove: { type: 'boolean', default: false },
  },
  run: async ({ account, remove, ...place }) => {
    const project = required('project', place.project);
    const region = required('region', place.region);
    const serviceAccount = remove ? account : required('account', account);
    const token = (await gcloudAuth().getAccessToken()).token ?? '';
    const api: TransferApi = { url: 'https://bigquerydatatransfer.googleapis.com', project, region, token };
    const removed = async () =>
      (await removeScheduledQuery(api, GAP_SCHEDULE.displayName)) ? 'removed' : 'was not there';
    const query = conservationGapQuery(project);
    const done = remove
      ? await removed()
      : await putScheduledQuery(api, { ...GAP_SCHEDULE, query, serviceAccount });
    process.stdout.write(`scheduled query ${GAP_SCHEDULE.displayName}: ${done}\n`);
  },
});
