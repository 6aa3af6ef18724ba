import type { DatasetRef } from '../backend.ts';
import { scan } from './scan.ts';

/** The statement's first keyword, in capitals: SELECT, INSERT, CREATE … */
export function statementKind(sql: string): string {
  const code = scan(sql)
    .filter(({ kind }) => kind !== 'comment')
    .map(({ text }) => text)
    .join('');
  const word = /^[\s(]*([A-Za-z]+)/.exec(code)?.[1]?.toUpperCase() ?? '';
  return word === 'WITH' ? 'SELECT' : word;
}

/** Cuts a script at its semicolons. */
export function statementsOf(script: string): readonly string[] {
  const statements = [''];
  for (const { kind, text } of scan(script)) {
    const [first = '', ...others] = kind === 'code' ? text.split(';') : [text];
    statements.push(`${statements.pop()}${first}`, ...others);
  }
  return statements.filter((statement) => statement.trim() !== '');
}

/** A table or view that a statement makes. */
export interface Creation {
  readonly dataset: Partial<DatasetRef>;
  readonly table: string;
  /** GoogleSQL, for a view. */
  readonly view?: string;
}

const CREATE =
  /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:MATERIALIZED\s+)?(TABLE|VIEW)\s+(?:IF\s+NOT\s+EXISTS\s+)?((?:`[^`]+`|[\w-]+)(?:\.(?:`[^`]+`|[\w-]+))*)/i;

/** What a statement makes; undefined where it makes no table that stays. */
export function creationOf(statement: string): Creation | undefined {
  const [whole = '', kind = '', name = ''] = CREATE.exec(statement) ?? [];
  if (name === '') return undefined;
  const parts = name.replaceAll('`', '').split('.');
  const [table = '', dataset, project] = parts.reverse();
  const place = {
    table,
    dataset: { ...(dataset === undefined ? {} : { dataset }), ...(project === undefined ? {} : { project }) },
  };
  if (kind.toUpperCase() !== 'VIEW') return place;
  const query = /\bAS\b([\s\S]*)$/i.exec(statement.slice(whole.length))?.[1] ?? '';
  return { ...place, view: query.trim() };
}
