import { parseArgs } from 'node:util';
import { messageOf } from '../../shared/errors.ts';
import { conservationGapQuery, GAP_SCHEDULE } from '../monitoring/conservation-gap.ts';
import { gcloudAuth } from './access-token.ts';
import { putScheduledQuery, removeScheduledQuery, type TransferApi } from './scheduled-query.ts';

/**
 * `node infra/deploy/schedule-query-command.ts --project P --region R --account EMAIL`: has BigQuery look for missing events
 * every hour; with `--remove`, no longer.
 */
const { values } = parseArgs({
  options: {
    project: { type: 'string', default: '' },
    region: { type: 'string', default: '' },
    account: { type: 'string', default: '' },
    remove: { type: 'boolean', default: false },
  },
});
const { project, region, account: serviceAccount, remove } = values;
try {
  const token = (await gcloudAuth().getAccessToken()).token ?? '';
  const api: TransferApi = { url: 'https://bigquerydatatransfer.googleapis.com', project, region, token };
  const done = remove
    ? (await removeScheduledQuery(api, GAP_SCHEDULE.displayName))
      ? 'removed'
      : 'was not there'
    : await putScheduledQuery(api, {
        ...GAP_SCHEDULE,
        query: conservationGapQuery(project),
        serviceAccount,
      });
  process.stdout.write(`scheduled query ${GAP_SCHEDULE.displayName}: ${done}\n`);
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
