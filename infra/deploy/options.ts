import { parseCommandLine } from '../../shared/command-line.ts';
import { ConfigError } from '../../shared/errors.ts';

export const USAGE = `Usage: npm run deploy -- [destroy] --project PROJECT --region REGION [options]

Makes everything in shared/pipeline.ts in a Google Cloud project, by gcloud: shows a plan, asks, then does what is missing or
differs. Run again after a failure or a change, it does only what is left.

  --project PROJECT   the project; it must have billing
  --region REGION     where functions, buckets, dataset, Firestore and model live, as europe-west1
  --config FILE       variables of functions, as {"push": {"PUSH_FCM": "false"}}; see docs/configuration.md
  --email ADDRESS     who is told of alerts
  --record FILE       what was done so far; default .nextclick/deploy/PROJECT.json
  --dry-run           prints the plan, and its commands as a shell script; changes nothing
  --json              prints the plan as JSON on standard output
  --yes               does not ask
  --no-build          takes the bundles in dist/ as they are
  destroy             takes everything away but data and secrets; with --data these too
`;

const OPTIONS = {
  project: { type: 'string' },
  region: { type: 'string' },
  config: { type: 'string' },
  email: { type: 'string' },
  record: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  'no-build': { type: 'boolean', default: false },
  data: { type: 'boolean', default: false },
} as const;

/** What an operator asks for. */
export interface DeployOptions {
  readonly action: 'deploy' | 'destroy';
  readonly project: string;
  readonly region: string;
  readonly config: string | undefined;
  readonly email: string | undefined;
  readonly record: string;
  readonly dryRun: boolean;
  readonly json: boolean;
  readonly yes: boolean;
  readonly build: boolean;
  readonly data: boolean;
}

/**
 * Reads the command line; undefined where help is asked for.
 * @throws ConfigError naming what is missing or malformed
 */
export function readOptions(args: readonly string[]): DeployOptions | undefined {
  const { values, positionals } = parseCommandLine(args, OPTIONS, { positionals: true });
  if (values.help) return undefined;
  const problems: string[] = [];
  const [action = 'deploy', ...rest] = positionals;
  if ((action !== 'deploy' && action !== 'destroy') || rest.length > 0)
    problems.push(`${positionals.join(' ')}: only destroy may stand here`);
  const { project = '', region = '', email } = values;
  if (!/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(project) && project !== 'demo')
    problems.push(`--project ${project || 'is missing'}: the id of a Google Cloud project, as my-shop-123`);
  if (!/^[a-z]+-[a-z]+\d+$/.test(region))
    problems.push(`--region ${region || 'is missing'}: a region of Google Cloud, as europe-west1`);
  if (email !== undefined && !/^[^\s@,]+@[^\s@,]+$/.test(email))
    problems.push(`--email ${email}: an e-mail address, as ops@shop.example`);
  if (values.data && action !== 'destroy') problems.push('--data goes with destroy');
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return {
    action: action === 'destroy' ? 'destroy' : 'deploy',
    project,
    region,
    email,
    config: values.config,
    record: values.record ?? `.nextclick/deploy/${project}.json`,
    dryRun: values['dry-run'],
    json: values.json,
    yes: values.yes,
    build: !values['no-build'],
    data: values.data,
  };
}
