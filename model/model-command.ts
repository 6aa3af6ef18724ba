import { readFileSync } from 'node:fs';
import { messageOf } from '../shared/errors.ts';
import { cleaningLimits } from './build.ts';
import { type Corpus, readCorpus } from './corpus.ts';
import { DEFAULT_PARAMETERS, Parameters } from './parameters.ts';
import { FORMATS, type Format, readSessions } from './sessions-file.ts';

/** Every option of every command, for util.parseArgs. */
export const OPTIONS = {
  train: { type: 'string' },
  test: { type: 'string' },
  format: { type: 'string', default: 'srgnn' },
  parameters: { type: 'string' },
  from: { type: 'string' },
  out: { type: 'string' },
  trials: { type: 'string', default: '20' },
  seed: { type: 'string', default: '1' },
  items: { type: 'string' },
  version: { type: 'string' },
  'refresh-days': { type: 'string', default: '1' },
  local: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** The options as parsed. */
export interface OptionValues {
  readonly train?: string | undefined;
  readonly test?: string | undefined;
  readonly format?: string | undefined;
  readonly parameters?: string | undefined;
  readonly from?: string | undefined;
  readonly out?: string | undefined;
  readonly trials?: string | undefined;
  readonly seed?: string | undefined;
  readonly items?: string | undefined;
  readonly version?: string | undefined;
  readonly 'refresh-days'?: string | undefined;
  readonly local?: boolean | undefined;
}

/** What a command found, for a program and for a person. */
export interface CommandResult {
  readonly json: object;
  readonly text: string;
}

export interface ModelCommand {
  readonly usage: string;
  readonly summary: string;
  run(values: OptionValues, progress: (step: string) => void): Promise<CommandResult>;
}

/** The command line does not say what to do. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export function required(value: string | undefined, option: string): string {
  if (value === undefined) throw new UsageError(`--${option} is required. See --help.`);
  return value;
}

/** The whole number given by --`option`, `least` or more. */
export function wholeNumber(value: string | undefined, option: string, least: number): number {
  const number = Number(value);
  if (!value?.trim() || !Number.isInteger(number) || number < least)
    throw new UsageError(`--${option} ${value} is no whole number of ${least} or more.`);
  return number;
}

export function formatOf(values: OptionValues): Format {
  const format = FORMATS.find((name) => name === values.format);
  if (!format) throw new UsageError(`--format ${values.format} is unknown: ${FORMATS.join(' or ')}.`);
  return format;
}

/** The parameters in the file given by --parameters; the defaults without it. */
export function parametersOf({ parameters }: OptionValues): Parameters {
  if (parameters === undefined) return DEFAULT_PARAMETERS;
  try {
    return Parameters.parse(JSON.parse(readFileSync(parameters, 'utf8')));
  } catch (cause) {
    throw new UsageError(`--parameters ${parameters} cannot be used: ${messageOf(cause)}`, { cause });
  }
}

/** Limits for files given on the command line: research sets are long-lived and uncut. */
export const FILE_LIMITS = { maxClicks: 10_000 } as const;

/** The sessions of a training file, cleaned as a model's builder does. */
export function corpusOf(file: string, values: OptionValues): Promise<Corpus> {
  return readCorpus(readSessions(file, formatOf(values)), cleaningLimits(Date.now(), FILE_LIMITS));
}
