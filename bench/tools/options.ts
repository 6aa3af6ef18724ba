import { parseCommandLine, positiveNumber } from '../../shared/command-line.ts';

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
  /** Whether the help text was asked for. */
  readonly help: boolean;
}

/**
 * Reads a command line.
 * @throws ConfigError saying which option is unknown, or is no positive number where one is needed
 */
export function readOptions<O extends OptionSet>(options: O, args: readonly string[]): CommandLine<O> {
  const types = Object.entries(options).map(([name, [fallback]]) => {
    const type = typeof fallback === 'boolean' ? ('boolean' as const) : ('string' as const);
    return [name, { type }] as const;
  });
  const { values, positionals } = parseCommandLine(args, Object.fromEntries(types), { positionals: true });
  const given: Readonly<Record<string, unknown>> = values;
  const read = Object.entries(options).map(([name, [fallback]]) => {
    const text = given[name];
    return [name, text === undefined ? fallback : ofType(name, fallback, text)] as const;
  });
  return { values: Object.fromEntries(read) as Values<O>, positionals, help: values.help === true };
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
  entries.push(['--help', 'this text']);
  const width = Math.max(...entries.map(([left]) => left.length));
  return entries.map(([left, right]) => `  ${left.padEnd(width)}   ${right}\n`).join('');
}

function ofType(name: string, fallback: Option[0], given: unknown): Option[0] {
  if (typeof fallback === 'number') return positiveNumber(name, String(given));
  return typeof fallback === 'boolean' ? given === true : String(given);
}
