import { parseArgs } from 'node:util';
import { ConfigError, messageOf } from '../../shared/errors.ts';

/** An option of a benchmark: its default, which also says of which type it is, and what it means. */
export type Option = readonly [fallback: number | string | boolean, meaning: string];

export type OptionSet = Readonly<Record<string, Option>>;

/** What options were given, or their defaults. */
export type Values<O extends OptionSet> = {
  readonly [Name in keyof O]: Widened<O[Name][0]>;
};

type Widened<T> = T extends number ? number : T extends boolean ? boolean : string;

/** A command line, read. */
export interface CommandLine<O extends OptionSet> {
  readonly values: Values<O>;
  readonly positionals: readonly string[];
}

/**
 * Reads a command line.
 * @throws ConfigError saying which option is unknown, or is no positive number where one is needed
 */
export function readOptions<O extends OptionSet>(options: O, args: readonly string[]): CommandLine<O> {
  const { values, positionals } = parse(options, args);
  const read = Object.entries(options).map(([name, [fallback]]) => {
    const given = values[name];
    return [name, given === undefined ? fallback : ofType(name, fallback, given)] as const;
  });
  return { values: Object.fromEntries(read) as Values<O>, positionals };
}

/** The same options as a command line has them, for a process that is to have the same. */
export function argumentsOf(values: Readonly<Record<string, number | string | boolean>>): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (typeof value === 'boolean') return value ? [`--${name}`] : [];
    return [`--${name}=${value}`];
  });
}

/** A line for each option, as a help text lists them. */
export function describeOptions(options: OptionSet): string {
  const entries = Object.entries(options).map(([name, [fallback, meaning]]) => {
    const left = typeof fallback === 'boolean' ? name : `${name} ${typeof fallback === 'number' ? 'N' : '…'}`;
    const usual = fallback === '' || typeof fallback === 'boolean' ? '' : `; default ${fallback}`;
    return [`--${left}`, `${meaning}${usual}`] as const;
  });
  const width = Math.max(...entries.map(([left]) => left.length));
  return entries.map(([left, right]) => `  ${left.padEnd(width)}   ${right}\n`).join('');
}

function parse(options: OptionSet, args: readonly string[]) {
  const types = Object.entries(options).map(([name, [fallback]]) => {
    const type = typeof fallback === 'boolean' ? ('boolean' as const) : ('string' as const);
    return [name, { type }] as const;
  });
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: Object.fromEntries(types) });
  } catch (error) {
    throw new ConfigError(messageOf(error), { cause: error });
  }
}

function ofType(name: string, fallback: Option[0], given: string | boolean): Option[0] {
  if (typeof fallback !== 'number') return given;
  const number = Number(given);
  if (Number.isFinite(number) && number > 0) return number;
  throw new ConfigError(`--${name} ${given} is not a positive number`);
}
