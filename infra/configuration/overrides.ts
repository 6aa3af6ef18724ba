import { z } from 'zod';
import { commonConfig } from '../../shared/config.ts';
import { ConfigError } from '../../shared/errors.ts';
import { FUNCTIONS } from '../../shared/pipeline.ts';
import { VARIABLES } from './variables.ts';

/** Variables that a deployment sets, by function. */
export type Overrides = Readonly<Record<string, Readonly<Record<string, string>>>>;

const Overridden = z.record(
  z.string(),
  z.record(
    z.string(),
    z.union([
      z.union([z.string(), z.number(), z.boolean()]).transform(String),
      z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value)),
    ]),
  ),
);
/** Stands for every function that has the variable. */
const EVERY = '*';

/**
 * Reads a configuration file: `{"<function or *>": {"<variable>": "<value>"}}`; a value that is JSON may be written as such.
 * @throws ConfigError naming every unknown function or variable, every value that does not fit, and every secret in it.
 */
export function parseOverrides(text: string, file: string): Overrides {
  const parsed = Overridden.safeParse(readJson(text, file));
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      ({ path, message }) => `  ${path.join('.') || 'the file'}: ${message}`,
    );
    throw new ConfigError(
      `${file} is no configuration: it should be {"enrich": {"CONSENT_DEFAULT": "denied"}}.\n${issues.join('\n')}`,
    );
  }
  const problems: string[] = [];
  const settled: Record<string, Record<string, string>> = {};
  for (const [name, variables] of Object.entries(parsed.data)) {
    const targets = FUNCTIONS.filter((spec) => name === EVERY || spec.name === name);
    if (targets.length === 0) {
      problems.push(
        `${name}: there is no such function; there are ${FUNCTIONS.map((spec) => spec.name).join(', ')}, and *`,
      );
      continue;
    }
    for (const [variable, value] of Object.entries(variables)) {
      const problem = check(name, variable, value);
      if (problem) problems.push(`${name}.${variable}: ${problem}`);
      for (const spec of targets) {
        if (!(variable in shapeOf(spec.name))) continue;
        // What is said of one function goes before what is said of all.
        if (name === EVERY && settled[spec.name]?.[variable] !== undefined) continue;
        settled[spec.name] = { ...settled[spec.name], [variable]: value };
      }
    }
  }
  if (problems.length > 0) {
    throw new ConfigError(
      `${file} does not configure the functions:\n${problems.map((line) => `  ${line}`).join('\n')}\n` +
        'Every variable is in docs/configuration.md.',
    );
  }
  return settled;
}

/** The schemas of everything a function reads. */
export function shapeOf(name: string): z.ZodRawShape {
  return { ...commonConfig, ...VARIABLES[name] };
}

function check(name: string, variable: string, value: string): string | undefined {
  const readers = FUNCTIONS.filter(
    (spec) => (name === EVERY || spec.name === name) && variable in shapeOf(spec.name),
  );
  const [reader] = readers;
  if (!reader) return name === EVERY ? `no function reads it` : `${name} reads no such variable`;
  if (readers.some(({ secrets }) => secrets.includes(variable)))
    return `is a secret: gcloud secrets versions add ${variable} --data-file=-`;
  for (const spec of readers) {
    const schema = shapeOf(spec.name)[variable] as z.ZodType;
    // As functions take it: nothing is the same as not set.
    const result = schema.safeParse(value === '' ? undefined : value);
    if (!result.success)
      return `${value === '' ? 'nothing' : JSON.stringify(value)} does not fit: ${result.error.issues.map(({ message }) => message).join('; ')}`;
  }
  return undefined;
}

function readJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`${file} is no JSON: ${String(cause)}`, { cause });
  }
}
