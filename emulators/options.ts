import { accessSync, constants } from 'node:fs';
import { loadSources } from '../functions/load/sources.ts';
import { parseCommandLine, positiveNumber } from '../shared/command-line.ts';
import { ConfigError, messageOf } from '../shared/errors.ts';
import type { Whose } from './stack.ts';

export const USAGE = `Usage: npm start [-- OPTIONS]

Runs the whole pipeline on this machine until Ctrl-C: emulators, every function, and a shop with shoppers.

  --replay FILE       send a file's events through ingest instead of the shop's
  --mapping NAME      how its columns map to events (functions/load/sources); default native
  --speed N           seconds of the file per second; default as fast as ingest accepts
  --exit              end when the replay is through and the pipeline is empty; status 1 unless conserved
  --json              print the replay's summary as one line of JSON on standard output
  --data DIR          keep state there between runs; default none is kept
  --emulators WHOSE   own: this project's emulators (default); google: Google's of Pub/Sub and
                      Firestore, which need Java
  --kill-every S      kill a function (SIGKILL) every S seconds, to see that nothing is lost
  --help
`;

const OPTIONS = {
  replay: { type: 'string' },
  mapping: { type: 'string' },
  speed: { type: 'string' },
  exit: { type: 'boolean' },
  json: { type: 'boolean' },
  data: { type: 'string' },
  emulators: { type: 'string' },
  'kill-every': { type: 'string' },
} as const;

/** What `npm start` was asked to do. */
export interface Options {
  readonly help: boolean;
  readonly replay: string | undefined;
  readonly mapping: string;
  /** Seconds of the file per second. */
  readonly speed: number | undefined;
  readonly exit: boolean;
  readonly json: boolean;
  readonly data: string | undefined;
  readonly emulators: Whose;
  /** Seconds. */
  readonly killEvery: number | undefined;
}

/**
 * Reads the command line of `npm start`.
 * @throws ConfigError saying which option cannot be, and why.
 */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseCommandLine(args, OPTIONS);
  const { replay, mapping } = values;
  if (replay === undefined) {
    for (const name of ['mapping', 'speed', 'exit', 'json'] as const) {
      if (values[name] !== undefined) throw new ConfigError(`--${name} goes with --replay FILE`);
    }
  } else {
    try {
      accessSync(replay, constants.R_OK);
    } catch (error) {
      throw new ConfigError(`--replay ${replay} cannot be read: ${messageOf(error)}`);
    }
    const sources = loadSources();
    if (mapping !== undefined && !sources.has(mapping)) {
      throw new ConfigError(
        `--mapping ${mapping} is not in functions/load/sources, which has: ${[...sources.keys()].join(', ')}`,
      );
    }
  }
  return {
    help: values.help,
    replay,
    mapping: mapping ?? 'native',
    speed: seconds('speed', values.speed),
    exit: values.exit ?? false,
    json: values.json ?? false,
    data: values.data,
    emulators: whose(values.emulators),
    killEvery: seconds('kill-every', values['kill-every']),
  };
}

function whose(text = 'own'): Whose {
  if (text === 'own' || text === 'google') return text;
  throw new ConfigError(`--emulators ${text} is neither own nor google`);
}

function seconds(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : positiveNumber(name, text, 'seconds');
}
