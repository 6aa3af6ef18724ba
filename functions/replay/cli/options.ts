import { parseCommandLine, wholeNumber } from '../../../shared/command-line.ts';
import { ConfigError } from '../../../shared/errors.ts';

export const USAGE = `Usage: npm run replay -- --where CONDITION [OPTIONS]

Publishes failed events again, oldest first, and marks them. Repeating it does no harm: marked events are not found again, and
events count once by their id. What fails again is a new row that points to the first failure (replay_of).

  --where CONDITION   which failed events, as: "reason = 'invalid_event' AND failed_at > '2026-11-01'"
                      columns: failed_id event_id failed_at received_at function function_version reason path message
                      replay_topic payload attempts schema_version replay_id replay_of
                      = != < <= > >= LIKE IN IS NULL AND OR NOT ( )
  --transform FILE    a module that exports transform(payload, failed): the mended event, several, or undefined to leave it
  --dry-run           only tells what would be published
  --limit N           so many at most; default 10000
  --again             also those that were replayed before, and failures of replays
  --json              one JSON object on standard output
  --help              this text

Reads the project that GOOGLE_CLOUD_PROJECT names, with your own credentials, which must allow reading and writing the warehouse
and publishing; of a running npm start after: source .nextclick/local.env
`;

const OPTIONS = {
  where: { type: 'string' },
  transform: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  limit: { type: 'string', default: '10000' },
  again: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** The command line of `npm run replay`. */
export interface ReplayCommand {
  readonly where: string;
  readonly transform: string | undefined;
  readonly dryRun: boolean;
  readonly limit: number;
  readonly again: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** @throws ConfigError for options that are missing, unknown or do not fit */
export function readReplayCommand(args: readonly string[]): ReplayCommand {
  const { values } = parseCommandLine(args, OPTIONS);
  if (!values.help && !values.where)
    throw new ConfigError(`--where is missing; all failed events are --where "attempts >= 0"`);
  return {
    where: values.where ?? '',
    transform: values.transform,
    dryRun: values['dry-run'],
    limit: wholeNumber('limit', values.limit),
    again: values.again,
    json: values.json,
    help: values.help,
  };
}
