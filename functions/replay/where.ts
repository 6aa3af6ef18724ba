import { COLUMNS, type ColumnKind } from './columns.ts';
import { badCondition, type Token, tokensOf } from './tokens.ts';

/** A value of a condition; it travels as a query parameter, never as SQL. */
export type Parameter =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  /** RFC 3339. */
  | { readonly kind: 'time'; readonly value: string };

/** A condition on failed events as GoogleSQL. */
export interface Condition {
  /** Made of the known columns, operators and `@w0`, `@w1` … alone, and in parentheses. */
  readonly sql: string;
  /** The values of `w0`, `w1` …, in order. */
  readonly parameters: readonly Parameter[];
}

const COMPARISONS = ['=', '!=', '<>', '<', '<=', '>', '>='];
const MAX_DEPTH = 20;

/**
 * Reads a condition: comparisons of the columns of `failed_events` with numbers and quoted texts by `= != < <= > >=`, `[NOT] LIKE`,
 * `[NOT] IN (…)` and `IS [NOT] NULL`, joined by `AND`, `OR`, `NOT` and parentheses.
 * @throws PermanentError that names the place and what is wrong there
 */
export function parseWhere(text: string): Condition {
  const tokens = tokensOf(text);
  const parameters: Parameter[] = [];
  let next = 0;
  let depth = 0;

  const peek = (): Token => tokens[next] ?? { kind: 'end', text: '', at: text.length };
  const take = (): Token => {
    const token = peek();
    next += 1;
    return token;
  };
  const fail = (token: Token, message: string) => badCondition(text, token.at, message);
  const isWord = (word: string): boolean => peek().kind === 'word' && peek().text.toUpperCase() === word;
  const isSign = (sign: string): boolean => peek().kind === 'sign' && peek().text === sign;
  const skip = (found: boolean): boolean => {
    if (found) next += 1;
    return found;
  };
  const expect = (found: boolean, what: string): void => {
    if (!skip(found)) throw fail(peek(), `${what} is expected here`);
  };

  const value = (kind: ColumnKind): string => {
    const token = take();
    parameters.push(parameterOf(token, kind, (message) => fail(token, message)));
    return `@w${parameters.length - 1}`;
  };

  const comparison = (): string => {
    const token = take();
    const name = token.text.toLowerCase();
    const kind = Object.hasOwn(COLUMNS, name) ? COLUMNS[name] : undefined;
    if (token.kind !== 'word' || kind === undefined) {
      throw fail(token, `a column is expected, one of ${Object.keys(COLUMNS).join(', ')}`);
    }
    const column = `\`${name}\``;
    if (skip(isWord('IS'))) {
      const not = skip(isWord('NOT')) ? ' NOT' : '';
      expect(isWord('NULL'), 'NULL');
      return `${column} IS${not} NULL`;
    }
    const not = skip(isWord('NOT')) ? ' NOT' : '';
    if (skip(isWord('IN'))) {
      expect(isSign('('), '(');
      const values = [value(kind)];
      while (skip(isSign(','))) values.push(value(kind));
      expect(isSign(')'), ')');
      return `${column}${not} IN (${values.join(', ')})`;
    }
    if (skip(isWord('LIKE'))) {
      if (kind !== 'text') throw fail(token, `${name} is no text, so LIKE does not apply`);
      return `${column}${not} LIKE ${value(kind)}`;
    }
    const operator = take();
    if (not !== '' || operator.kind !== 'sign' || !COMPARISONS.includes(operator.text)) {
      throw fail(operator, 'one of = != < <= > >= LIKE IN IS is expected here');
    }
    return `${column} ${operator.text} ${value(kind)}`;
  };

  const factor = (): string => {
    depth += 1;
    if (depth > MAX_DEPTH) throw fail(peek(), `it nests deeper than ${MAX_DEPTH} levels`);
    try {
      if (skip(isWord('NOT'))) return `(NOT ${factor()})`;
      if (!skip(isSign('('))) return comparison();
      const inner = either();
      expect(isSign(')'), ')');
      return inner;
    } finally {
      depth -= 1;
    }
  };
  const all = (): string => joined(factor, 'AND');
  const either = (): string => joined(all, 'OR');
  const joined = (part: () => string, word: 'AND' | 'OR'): string => {
    const parts = [part()];
    while (skip(isWord(word))) parts.push(part());
    return `(${parts.join(` ${word} `)})`;
  };

  const sql = either();
  if (peek().kind !== 'end') throw fail(peek(), 'AND, OR or the end is expected here');
  return { sql, parameters };
}

function parameterOf(token: Token, kind: ColumnKind, fail: (message: string) => Error): Parameter {
  if (kind === 'number') {
    if (token.kind !== 'number') throw fail('a number is expected here');
    return { kind, value: Number(token.text) };
  }
  if (token.kind !== 'text') throw fail('a text in quotes is expected here');
  if (kind === 'text') return { kind, value: token.text };
  const time = timeOf(token.text);
  if (Number.isNaN(time)) throw fail('a time such as 2026-11-01 or 2026-11-01T12:00:00Z is expected here');
  return { kind, value: new Date(time).toISOString() };
}

/** Epoch milliseconds; a time without a zone is one of UTC, as in BigQuery, wherever the command runs. NaN for what is none. */
function timeOf(text: string): number {
  const [, date, clock, zone = 'Z'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](.*?)(Z|[+-]\d\d:?\d\d)?)?$/i.exec(text) ?? [];
  if (date === undefined) return Number.NaN;
  return Date.parse(clock === undefined ? date : `${date}T${clock}${zone}`);
}
