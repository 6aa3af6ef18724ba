import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LineCounter, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { ConfigError, messageOf } from '../../shared/errors.ts';
import { Mapping } from './mapping.ts';
import { makeSource, type Source } from './source.ts';

/** Sources by name. */
export type Sources = ReadonlyMap<string, Source>;

/** The sources of this repository; in a bundle, beside it. */
export const SOURCES = fileURLToPath(new URL('./sources', import.meta.url));

const SUFFIX = '.yaml';
const NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/**
 * Reads every `<name>.yaml` of a folder; by default, this repository's.
 * @throws ConfigError that names file, line and column of everything that is wrong
 */
export function loadSources(folder: string = SOURCES): Sources {
  let files: string[];
  try {
    files = readdirSync(folder).filter((file) => file.endsWith(SUFFIX));
  } catch (error) {
    throw new ConfigError(`the sources' folder ${folder} cannot be read: ${messageOf(error)}`);
  }
  const problems: string[] = [];
  const sources = new Map<string, Source>();
  for (const file of files.sort()) {
    const name = file.slice(0, -SUFFIX.length);
    try {
      sources.set(name, parseSource(name, readFileSync(join(folder, file), 'utf8'), join(folder, file)));
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(error.message);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return sources;
}

/**
 * Reads one source's YAML.
 * @param file for messages
 * @throws ConfigError that names line and column of everything that is wrong
 */
export function parseSource(name: string, text: string, file: string): Source {
  const fail = (problems: readonly string[]): ConfigError => new ConfigError(problems.join('\n'));
  if (!NAME.test(name)) {
    throw fail([`${file}: a source's name must be lower-case letters, digits, - and _; ${name} is not`]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const place = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${line}:${col}`;
  };
  if (document.errors.length > 0) {
    throw fail(document.errors.map(({ pos, message }) => `${place(pos[0])}: ${message.split('\n')[0]}`));
  }
  let value: unknown;
  try {
    value = document.toJS();
  } catch (error) {
    throw fail([`${place(aliasAt(document))}: ${messageOf(error)}`]);
  }
  const parsed = Mapping.safeParse(value ?? {});
  if (!parsed.success) {
    throw fail(
      parsed.error.issues.flatMap(unfold).map((issue) => {
        const at = rangeOf(document, issue.path);
        return `${at === undefined ? file : place(at)}: ${issue.path.join('.') || 'the source'}: ${issue.message}`;
      }),
    );
  }
  try {
    return makeSource(name, parsed.data);
  } catch (error) {
    throw fail([`${file}: ${messageOf(error)}`]);
  }
}

/** Where the alias stands that made reading fail: one without an anchor, else the first, for aliases that multiply. */
function aliasAt(document: ReturnType<typeof parseDocument>): number {
  let first: number | undefined;
  let lost: number | undefined;
  visit(document, {
    Alias(_key, alias) {
      first ??= alias.range?.[0];
      if (!alias.resolve(document)) lost ??= alias.range?.[0];
    },
  });
  return lost ?? first ?? 0;
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of a union, the issues of the form that came closest: the one that got furthest into the value. */
function unfold(issue: z.core.$ZodIssue): readonly Issue[] {
  const unknown = issue.code === 'unrecognized_keys' ? issue.keys : [];
  if (unknown.length > 0) {
    return unknown.map((key) => ({ path: [...issue.path, key], message: 'is not known here' }));
  }
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
  const depth = (issues: readonly z.core.$ZodIssue[]): number =>
    Math.max(...issues.map(({ path, code }) => path.length + (code === 'unrecognized_keys' ? 0 : 0.5)));
  const objects = issue.errors.filter((issues) => issues.some(({ path }) => path.length > 0));
  const best = objects.toSorted((a, b) => a.length - b.length || depth(b) - depth(a))[0];
  if (!best) return [issue];
  return best.flatMap(unfold).map(({ path, message }) => ({ path: [...issue.path, ...path], message }));
}

/** Where a value stands in the text; where its nearest parent does, if it is not there. */
function rangeOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
): number | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = (node as { range?: readonly number[] | null } | undefined)?.range;
    if (range?.[0] !== undefined) return range[0];
  }
  return undefined;
}
