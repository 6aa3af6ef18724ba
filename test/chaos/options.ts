import { parseCommandLine, wholeNumber } from '../../shared/command-line.ts';

export const USAGE = `Usage: npm run chaos [-- OPTIONS]

Sends shoppers' events twice: once calmly, through ingest and enrich, and once through the whole pipeline, while functions are
killed, every service fails in turn, messages come twice and out of order, and clocks are wrong. Then all is healed, the pipeline empties, and every event
has to be accounted for, profiles have to be those of the calm run, and no screen may ever have gone back in time.

  --events N    events sent in each run; default 20000
  --seconds S   how long the storm lasts at least; default 60
  --seed K      of shoppers and storm; default a new one, which is printed. The same seed makes the same events and the same
                storm; how processes interleave is not in its hands
  --json        print the result as one line of JSON on standard output
  --help

Ends with status 1 where a promise is broken. Functions log to .nextclick/chaos.log.
`;

/** What `npm run chaos` was asked to do. */
export interface ChaosOptions {
  readonly help: boolean;
  readonly json: boolean;
  readonly events: number;
  readonly seconds: number;
  readonly seed: number;
}

/**
 * Reads the command line of `npm run chaos`.
 * @throws ConfigError saying which option cannot be, and why
 */
export function readChaosOptions(args: readonly string[], newSeed: () => number): ChaosOptions {
  const { values } = parseCommandLine(args, {
    events: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '60' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  return {
    help: values.help,
    json: values.json,
    events: wholeNumber('events', values.events),
    seconds: wholeNumber('seconds', values.seconds),
    seed: values.seed === undefined ? newSeed() : wholeNumber('seed', values.seed, 0),
  };
}
