import { parseArgs } from 'node:util';
import { ConfigError, messageOf } from '../../shared/errors.ts';

export const USAGE = `Usage: npm run chaos [-- OPTIONS]

Sends shoppers' events through the whole pipeline twice: once calmly, and once while functions are killed, every service
fails in turn, messages come twice and out of order, and clocks are wrong. Then all is healed, the pipeline empties, and every event
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
  const values = parse(args);
  return {
    help: values.help ?? false,
    json: values.json ?? false,
    events: whole('events', values.events, 1) ?? 20_000,
    seconds: whole('seconds', values.seconds, 1) ?? 60,
    seed: whole('seed', values.seed, 0) ?? newSeed(),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        events: { type: 'string' },
        seconds: { type: 'string' },
        seed: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new ConfigError(messageOf(error), { cause: error });
  }
}

function whole(name: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new ConfigError(`--${name} ${text} is not a whole number of ${least} or more`);
}
