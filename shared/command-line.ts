import { type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { ConfigError, messageOf, PermanentError } from './errors.ts';

const HELP = { help: { type: 'boolean', short: 'h', default: false } } as const;

interface Allowed {
  /** Words that belong to no option may stand in the line. */
  readonly positionals?: boolean;
}

/**
 * Reads a command line of the options given, in the form of `util.parseArgs`, and of `--help`.
 * @throws ConfigError naming an option that is unknown or lacks its value
 */
export function parseCommandLine<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  { positionals = false }: Allowed = {},
) {
  try {
    return parseArgs({ args: [...args], allowPositionals: positionals, options: { ...options, ...HELP } });
  } catch (error) {
    throw new ConfigError(messageOf(error), { cause: error });
  }
}

type CommandLine<Options extends ParseArgsOptionsConfig> = ReturnType<typeof parseCommandLine<Options>>;

export interface Command<Options extends ParseArgsOptionsConfig> extends Allowed {
  /** How it is called, as `npm run forget`. */
  readonly call: string;
  readonly usage: string;
  readonly options: Options;
  /** Answers the exit status, or nothing for 0. */
  readonly run: (
    values: CommandLine<Options>['values'],
    positionals: readonly string[],
  ) => Promise<number> | Promise<void>;
}

/**
 * Runs a command by the process's own line: prints its usage for `--help`, and what went wrong, as a person needs it, on standard
 * error. The status is 2 where the line or the environment cannot be, 1 after another failure.
 */
export async function runCommand<const Options extends ParseArgsOptionsConfig>(
  command: Command<Options>,
): Promise<void> {
  try {
    const { values, positionals } = parseCommandLine(process.argv.slice(2), command.options, command);
    if ((values as { readonly help?: boolean }).help) process.stdout.write(command.usage);
    else process.exitCode = (await command.run(values, positionals)) ?? 0;
  } catch (error) {
    process.exitCode = tellFailure(error, command.call);
  }
}

/** What a function makes of the process's line; where it cannot be, the process ends with status 2, having said why. */
export function readCommandLine<Read>(read: (args: readonly string[]) => Read, call: string): Read {
  try {
    return read(process.argv.slice(2));
  } catch (error) {
    process.exit(tellFailure(error, call));
  }
}

/** Says on standard error what went wrong, and answers the exit status: 2 where the line or the environment cannot be, else 1. */
export function tellFailure(error: unknown, call: string): number {
  const misused = error instanceof ConfigError || error instanceof PermanentError;
  process.stderr.write(`${messageOf(error)}\n${misused ? `${call} -- --help tells more.\n` : ''}`);
  return misused ? 2 : 1;
}

/**
 * The value of an option that must be given.
 * @throws ConfigError where it is empty
 */
export function required(option: string, text: string): string {
  if (text !== '') return text;
  throw new ConfigError(`--${option} is needed`);
}

/**
 * The value of a numeric option.
 * @throws ConfigError where it is no whole number of at least `least`
 */
export function wholeNumber(option: string, text: string, least = 1): number {
  const number = numberOf(text);
  if (Number.isSafeInteger(number) && number >= least) return number;
  throw new ConfigError(`--${option} ${text} is not a whole number of ${least} or more`);
}

/**
 * The value of a numeric option.
 * @throws ConfigError where it is not above 0
 */
export function positiveNumber(option: string, text: string, unit = ''): number {
  const number = numberOf(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new ConfigError(`--${option} ${text} is not a positive number${unit === '' ? '' : ` of ${unit}`}`);
}

/**
 * The value of an option that names a TCP port; 0 for any that is free.
 * @throws ConfigError where it is none
 */
export function portNumber(option: string, text: string): number {
  const number = numberOf(text);
  if (Number.isInteger(number) && number >= 0 && number < 65_536) return number;
  throw new ConfigError(`--${option} ${text} is not a port from 0 to 65535`);
}

/** NaN for what is no number: an empty option is not 0. */
function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}
