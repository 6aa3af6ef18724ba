import { Dialect, transpile } from '@polyglot-sql/sdk';
import { BigQueryError } from '../backend.ts';
import { afterwards, beforehand } from './mends.ts';
import { literal, type QueryParameter } from './parameters.ts';
import { scan } from './scan.ts';

/** GoogleSQL in, DuckDB's SQL out, parameters filled in as literals. `project` is meant where a name gives none. */
export function translate(sql: string, project: string, parameters: readonly QueryParameter[] = []): string {
  const prepared = beforehand(fill(sql, project, parameters));
  const result = transpile(prepared, Dialect.BigQuery, Dialect.DuckDB);
  const [statement] = result.sql ?? [];
  if (!result.success || statement === undefined) {
    throw new BigQueryError(400, 'invalidQuery', `Syntax error: ${result.error ?? 'the query is empty'}`);
  }
  return afterwards(statement);
}

/** The statement's first keyword, in capitals: SELECT, INSERT, CREATE … */
export function statementKind(sql: string): string {
  const code = scan(sql)
    .filter(({ kind }) => kind !== 'comment')
    .map(({ text }) => text)
    .join('');
  const word = /^[\s(]*([A-Za-z]+)/.exec(code)?.[1]?.toUpperCase() ?? '';
  return word === 'WITH' ? 'SELECT' : word;
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
  if (parts.length === 1) return `\`${name}\``;
  const full = parts.length === 2 ? [project, ...parts] : [parts.slice(0, -2).join('.'), ...parts.slice(-2)];
  return full.map((part) => `\`${part}\``).join('.');
}
