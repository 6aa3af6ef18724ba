import './baseline-code.ts';

import { Dialect, generate, parse, transpile } from '@polyglot-sql/sdk';
import { BigQueryError, type Metadata } from '../backend.ts';

import { afterwards, mended } from './mends.ts';
import { literal, type QueryParameter } from './parameters.ts';
import { makeRelationMends, type Relations } from './relations.ts';
import { scan } from './scan.ts';
import { type Creation, creationOf, statementKind, statementsOf } from './statements.ts';
import { tableOptions } from './table-options.ts';
import type { Node } from './tree.ts';

/** One statement, in DuckDB's SQL. */
export interface Translated {
  readonly sql: string;
  /** As `statementKind` gives it. */
  readonly kind: string;
  readonly creation: Creation | undefined;
  /** Partitioning, clustering and options of what it makes, as tables.get shows them. */
  readonly metadata: Metadata;
}

export interface TranslateOptions {
  /** Meant where a name gives none. */
  readonly project: string;
  readonly parameters?: readonly QueryParameter[] | undefined;
  readonly relations?: Relations;
}

/** What is refused by name, rather than by a syntax error that helps nobody. */
const UNSERVED: readonly (readonly [pattern: RegExp, what: string])[] = [
  [/\bFOR\s+SYSTEM_TIME\s+AS\s+OF\b/i, 'FOR SYSTEM_TIME AS OF: no history is kept'],
  [/\bLANGUAGE\s+(?:js|python)\b/i, 'functions in other languages than SQL'],
  [/\bML\.\w+\s*\(|\bCREATE\s+(?:OR\s+REPLACE\s+)?MODEL\b/i, 'BigQuery ML'],
];
const PROCEDURAL = /^(?:DECLARE|SET|IF|LOOP|WHILE|REPEAT|FOR|CALL|EXECUTE|RAISE|RETURN)$/;

/**
 * GoogleSQL in, DuckDB's SQL out, statement by statement, parameters filled in as literals.
 * @throws BigQueryError invalidQuery
 */
export function translate(sql: string, options: TranslateOptions): readonly Translated[] {
  const { project, parameters = [], relations = () => undefined } = options;
  const statements = statementsOf(fill(sql, project, parameters));
  if (statements.length === 0)
    throw new BigQueryError(400, 'invalidQuery', 'Syntax error: the query is empty');
  return statements.map((statement) => translateOne(statement, project, relations));
}

function translateOne(statement: string, project: string, relations: Relations): Translated {
  const { metadata, sql } = tableOptions(statement);
  const kind = statementKind(sql);
  const code = scan(sql)
    .map((piece) => (piece.kind === 'code' ? piece.text : ' '))
    .join('');
  const [, unserved] = UNSERVED.find(([pattern]) => pattern.test(code)) ?? [];
  if (unserved !== undefined) {
    throw new BigQueryError(400, 'invalidQuery', `This emulator does not serve ${unserved}.`);
  }
  if (PROCEDURAL.test(kind)) {
    const message = `This emulator runs no procedural language: ${kind}. Send the queries one by one, with parameters.`;
    throw new BigQueryError(400, 'invalidQuery', message);
  }
  const parsed = parse(sql, Dialect.BigQuery);
  const [tree] = parsed.success ? (parsed.ast as unknown as readonly Node[]) : [];
  if (!tree) throw new BigQueryError(400, 'invalidQuery', `Syntax error: ${parsed.error ?? 'no statement'}`);
  const { mends, place } = makeRelationMends(project, relations);
  const google = only(generate([mended(tree, mends)], Dialect.BigQuery));
  const duck = afterwards(only(transpile(google, Dialect.BigQuery, Dialect.DuckDB)), place);
  return { sql: duck, kind, metadata, creation: creationOf(sql) };
}

function only(result: {
  readonly success: boolean;
  readonly sql?: string[];
  readonly error?: string;
}): string {
  const [statement] = result.sql ?? [];
  if (result.success && statement !== undefined) return statement;
  throw new BigQueryError(400, 'invalidQuery', `Syntax error: ${result.error ?? 'the query is empty'}`);
}

function fill(sql: string, project: string, parameters: readonly QueryParameter[]): string {
  let position = 0;
  return scan(sql)
    .map(({ kind, text }) => {
      if (kind === 'comment') return ' ';
      if (kind === 'name') return splitName(text.slice(1, -1), project);
      if (kind !== 'parameter') return text;
      const found =
        text === '?'
          ? parameters[position++]
          : parameters.find(({ name }) => name?.toLowerCase() === text.slice(1).toLowerCase());
      if (!found) {
        throw new BigQueryError(400, 'invalidQuery', `Query parameter '${text.replace('@', '')}' not found`);
      }
      return literal(found);
    })
    .join('');
}

/** `a.b.c` in one pair of backticks is three names; `b.c` lies in the query's project. */
function splitName(name: string, project: string): string {
  const parts = name.split('.');
  const view = parts.findIndex((part) => /^INFORMATION_SCHEMA$/i.test(part));
  if (view >= 0) parts.splice(view, 2, parts.slice(view).join('.'));
  if (parts.length === 1) return `\`${name}\``;
  const full = parts.length === 2 ? [project, ...parts] : [parts.slice(0, -2).join('.'), ...parts.slice(-2)];
  return full.map((part) => `\`${part}\``).join('.');
}
