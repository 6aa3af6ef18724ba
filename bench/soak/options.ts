import { parseCommandLine, positiveNumber } from '../../shared/command-line.ts';

export const USAGE = `Usage: npm run soak [-- OPTIONS]

Keeps the whole pipeline busy for a long time, and looks whether anything grows: each function's memory (the slope of its resident
set, tested), the backlog. Then three times as many shoppers come for a minute: ingest sheds what is too much with 503, the clients
come again, the pipeline recovers, and every event is accounted for.

  --minutes M     at the steady rate; default 30
  --rate N        events a second; default 100
  --json          print the result as one line of JSON on standard output
  --help

Ends with status 1 where memory or backlog grows, or an event is missing.
`;

/** What `npm run soak` was asked to do. */
export interface SoakOptions {
  readonly help: boolean;
  readonly json: boolean;
  readonly minutes: number;
  /** Events a second. */
  readonly rate: number;
}

/**
 * Reads the command line of `npm run soak`.
 * @throws ConfigError saying which option cannot be, and why
 */
export function readSoakOptions(args: readonly string[]): SoakOptions {
  const { values } = parseCommandLine(args, {
    minutes: { type: 'string', default: '30' },
    rate: { type: 'string', default: '100' },
    json: { type: 'boolean', default: false },
  });
  return {
    help: values.help,
    json: values.json,
    minutes: positiveNumber('minutes', values.minutes),
    rate: positiveNumber('rate', values.rate),
  };
}
