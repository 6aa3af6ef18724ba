import { runCommand } from '../../../shared/command-line.ts';
import { commonConfig, loadConfig } from '../../../shared/config.ts';
import { ConfigError } from '../../../shared/errors.ts';
import type { ForgetReport, Subject } from '../forget.ts';
import { openForget } from '../open-forget.ts';
import { forgetVariables } from '../variables.ts';

const USAGE = `Usage: npm run forget -- --user ID | --anonymous ID | --sweep [--json]

Erases a person from BigQuery, Firestore and Cloud Storage, and from the next model; events of before that arrive late are dropped.
Events are left as bare ids among the dropped ones, so that every event stays accounted for. Repeating it does no harm.

  --user ID        the user id as the shop sends it
  --anonymous ID   the anonymous id of a device whose user is not known
  --sweep          repeats the erasures that are due, as the schedule forget-sweep does every hour
  --json           one JSON object on standard output
  --help           this text

Works on the project that GOOGLE_CLOUD_PROJECT names, with your own credentials, and needs the PSEUDONYM_KEY of the deployment:
  PSEUDONYM_KEY=$(gcloud secrets versions access latest --secret=PSEUDONYM_KEY) npm run forget -- --user ID
Of a running npm start after: source .nextclick/local.env
`;

await runCommand({
  call: 'npm run forget',
  usage: USAGE,
  options: {
    user: { type: 'string' },
    anonymous: { type: 'string' },
    sweep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
  run: async ({ user, anonymous, sweep, json }) => {
    if (
      [user, anonymous, sweep || undefined].filter((each) => each !== undefined && each !== '').length !== 1
    ) {
      throw new ConfigError('one of --user ID, --anonymous ID and --sweep is needed.');
    }
    const config = loadConfig({ ...commonConfig, ...forgetVariables });
    const forget = openForget({
      project: config.GOOGLE_CLOUD_PROJECT,
      dataset: config.DATASET,
      pseudonymKey: config.PSEUDONYM_KEY,
      sweepAfterMs: config.SWEEP_AFTER_MS,
    });
    try {
      if (sweep) {
        const repeated = await forget.sweep();
        process.stdout.write(
          json ? `${JSON.stringify({ repeated })}\n` : `${repeated} erasures were repeated\n`,
        );
        return;
      }
      const subject: Subject = user ? { userId: user } : { anonymousId: anonymous ?? '' };
      const report = await forget.forget(subject);
      process.stdout.write(json ? `${JSON.stringify(report)}\n` : describe(report));
    } finally {
      await forget.close();
    }
  },
});

function describe({ forgotten_at, keys, removed, left, sweep_after }: ForgetReport): string {
  return [
    `Forgotten until ${forgotten_at}: ${keys} ${keys === 1 ? 'key' : 'keys'} (the user's, and those of devices that are the user's alone)`,
    ...Object.entries(removed).map(([what, count]) => `${String(count).padStart(8)}  ${what}`),
    ...left.map((what) => `    left  ${what}`),
    `What was under way is dropped as it arrives; what still came late is erased by the first sweep after ${sweep_after}.`,
    '',
  ].join('\n');
}
