import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { tellFailure } from '../../shared/command-line.ts';
import { ConfigError } from '../../shared/errors.ts';
import { argumentsOf, describeOptions, type OptionSet, readOptions, type Values } from './options.ts';
import { measurePart, type Part, runPart } from './part.ts';
import { type Comparison, describeRow, rowOf } from './row.ts';

const COMMON = {
  rounds: [3, 'that count; the median stands for all'],
  json: [false, 'rows as JSON, one to a line'],
  part: ['', 'what a process that this one started measures'],
} as const satisfies OptionSet;

type Given<O extends OptionSet> = Values<typeof COMMON & O>;

/** Prepares, and answers what is measured: the work of one half, which answers how much it did. */
export type PartWork<O extends OptionSet> = (
  values: Given<O>,
  args: readonly string[],
) => Promise<(half: 0 | 1) => Promise<number>>;

/** What a benchmark measures with. */
export interface Bench<O extends OptionSet> {
  readonly values: Given<O>;
  /** Names that were given, where the benchmark takes some. */
  readonly positionals: readonly string[];
  /** Measures a part in a process of its own, with the same options. @param args further words for it */
  part(name: string, ...args: readonly string[]): Promise<Part>;
  /** Measures as many rounds. @param warmUps that do not count */
  repeat<T>(work: () => Promise<T>, warmUps?: number): Promise<readonly T[]>;
  /** Measures ours and theirs in turns, so that whatever else the machine does strikes both. @param warmUps that do not count */
  inTurns<T>(ours: () => Promise<T>, theirs: () => Promise<T>, warmUps?: number): Promise<readonly Turn<T>[]>;
  /** Prints a row. */
  tell(comparison: Comparison): void;
  /** Says on standard error what is not measured, and why. */
  skip(why: string): void;
  /** Says something that is no row. */
  note(line: string): void;
}

/** What was measured one right after the other. */
export interface Turn<T> {
  readonly ours: T;
  readonly theirs: T;
}

export interface BenchmarkSpec<O extends OptionSet> {
  /** The script's `import.meta.url`. */
  readonly script: string;
  /** What is measured against what, for people. */
  readonly about: string;
  readonly options?: O;
  readonly parts?: Readonly<Record<string, PartWork<O>>>;
  measure(bench: Bench<O>): Promise<void>;
}

/** A benchmark's whole program: reads its options, measures, prints rows on standard output; exits 1 where it fails, 2 on a wrong option. */
export async function benchmark<O extends OptionSet>(spec: BenchmarkSpec<O>): Promise<void> {
  // A benchmark may have defaults of its own.
  const options = { ...COMMON, ...spec.options } as typeof COMMON & O;
  try {
    const { values, positionals, help } = readOptions(options, process.argv.slice(2));
    if (help) process.stdout.write(usageOf(spec.script, spec.about, options));
    else if (values.part !== '') await measureOne(spec, values, positionals);
    else {
      await spec.measure(openBench(fileURLToPath(spec.script), values, positionals));
      // Clients keep connections open, which nobody needs any more.
      process.stdout.write('', () => process.exit());
    }
  } catch (error) {
    const status = tellFailure(error, 'npm run bench');
    process.stdout.write('', () => process.exit(status));
  }
}

function openBench<O extends OptionSet>(
  script: string,
  values: Given<O>,
  positionals: readonly string[],
): Bench<O> {
  const { rounds, json, part: _part, ...own } = values as Values<typeof COMMON>;
  const note = (line: string): void => void process.stderr.write(`${line}\n`);
  const repeat = async <T>(work: () => Promise<T>, warmUps = 0): Promise<readonly T[]> => {
    const measured: T[] = [];
    for (let round = -warmUps; round < rounds; round += 1) {
      const each = await work();
      if (round >= 0) measured.push(each);
    }
    return measured;
  };
  return {
    values,
    positionals,
    repeat,
    part: (name, ...args) => runPart(script, name, [...argumentsOf(own), ...args]),
    inTurns: (ours, theirs, warmUps) =>
      repeat(async () => ({ theirs: await theirs(), ours: await ours() }), warmUps),
    tell(comparison) {
      const row = rowOf(comparison);
      process.stdout.write(`${json ? JSON.stringify(row) : describeRow(row)}\n`);
    },
    skip: (why) => note(`Not measured: ${why}`),
    note,
  };
}

async function measureOne<O extends OptionSet>(
  { parts = {} }: BenchmarkSpec<O>,
  values: Given<O>,
  args: readonly string[],
): Promise<void> {
  const name = (values as Values<typeof COMMON>).part;
  const work = parts[name];
  if (!work) throw new ConfigError(`there is no part ${name}; there are ${Object.keys(parts).join(', ')}`);
  await measurePart(await work(values, args));
}

function usageOf(script: string, about: string, { part: _part, ...shown }: OptionSet): string {
  return `Usage: node bench/${basename(fileURLToPath(script))} [OPTIONS]\n\n${about.trim()}\n\n${describeOptions(shown)}`;
}
