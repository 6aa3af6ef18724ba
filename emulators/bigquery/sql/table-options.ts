import { scan } from './scan.ts';

/** What a CREATE statement says of a table beyond its columns: DuckDB knows none of it, the catalogue keeps it. */
export interface TableOptions {
  /** As tables.get shows them: timePartitioning, rangePartitioning, clustering, description, friendlyName, labels. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** The statement without them. */
  readonly sql: string;
}

const CLAUSE = /\b(PARTITION\s+BY|CLUSTER\s+BY|OPTIONS\s*(?=\())/gi;
const CLAUSE_END = /\b(?:CLUSTER\s+BY|OPTIONS\s*\(|AS)\b|;/gi;

/** Takes partitioning, clustering and options out of a statement. */
export function tableOptions(sql: string): TableOptions {
  const code = masked(sql);
  const metadata: Record<string, unknown> = {};
  let rest = '';
  let end = 0;
  for (const { index, 1: clause = '' } of code.matchAll(CLAUSE)) {
    const depth = depthAt(code, index);
    const isOptions = /^OPTIONS/i.test(clause);
    // Windows have PARTITION BY too, always in parentheses.
    if (index < end || (depth > 0 && !isOptions)) continue;
    const start = index + clause.length;
    const stop = isOptions ? closing(code, start) : clauseEnd(code, start);
    if (depth === 0) Object.assign(metadata, described(clause, sql.slice(start, stop)));
    rest += sql.slice(end, index);
    end = stop;
  }
  return { metadata, sql: rest + sql.slice(end) };
}

function described(clause: string, body: string): Record<string, unknown> {
  if (/^OPTIONS/i.test(clause)) return options(body);
  if (/^CLUSTER/i.test(clause)) return { clustering: { fields: body.split(',').map(bareName) } };
  const [, unit, column] =
    /^\s*(?:(DATE|TIMESTAMP_TRUNC|DATETIME_TRUNC|DATE_TRUNC)\s*\(\s*)?([\w`]+)/i.exec(body) ?? [];
  const grain = /,\s*(HOUR|DAY|MONTH|YEAR)\s*\)/i.exec(body)?.[1]?.toUpperCase() ?? 'DAY';
  if (column === undefined) return {};
  const [, start, stop, step] =
    /GENERATE_ARRAY\s*\(\s*(-?\d+)\s*,\s*(-?\d+)\s*(?:,\s*(\d+))?/i.exec(body) ?? [];
  if (/^RANGE_BUCKET$/i.test(column)) {
    const field = bareName(/\(\s*([\w`]+)/.exec(body)?.[1] ?? '');
    return { rangePartitioning: { field, range: { start, end: stop, interval: step ?? '1' } } };
  }
  const field = unit === undefined && /^_PARTITION/i.test(column) ? {} : { field: bareName(column) };
  return { timePartitioning: { type: grain, ...field } };
}

function options(body: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const string = (name: string): string | undefined =>
    new RegExp(`\\b${name}\\s*=\\s*(?:"((?:\\\\.|[^"])*)"|'((?:\\\\.|[^'])*)')`, 'i')
      .exec(body)
      ?.slice(1)
      .find(Boolean);
  const description = string('description');
  const friendlyName = string('friendly_name');
  if (description !== undefined) found.description = description;
  if (friendlyName !== undefined) found.friendlyName = friendlyName;
  const labels = /\blabels\s*=\s*\[([^\]]*)\]/i.exec(body)?.[1];
  if (labels !== undefined) {
    const pairs = [...labels.matchAll(/\(\s*['"]([^'"]*)['"]\s*,\s*['"]([^'"]*)['"]\s*\)/g)];
    found.labels = Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, value]));
  }
  if (/\brequire_partition_filter\s*=\s*true/i.test(body)) found.requirePartitionFilter = true;
  return found;
}

function bareName(name: string): string {
  return name.replaceAll('`', '').trim();
}

/** The text with strings, names and comments blanked out, at the same places. */
function masked(sql: string): string {
  return scan(sql)
    .map(({ kind, text }) => (kind === 'code' || kind === 'parameter' ? text : 'x'.repeat(text.length)))
    .join('');
}

function depthAt(code: string, index: number): number {
  let depth = 0;
  for (const character of code.slice(0, index)) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
  }
  return depth;
}

/** Where the parenthesis that opens next closes. */
function closing(code: string, from: number): number {
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    if (code[at] === '(') depth += 1;
    if (code[at] === ')' && --depth === 0) return at + 1;
  }
  return code.length;
}

function clauseEnd(code: string, from: number): number {
  for (const { index } of code.slice(from).matchAll(CLAUSE_END)) {
    if (depthAt(code.slice(from), index) === 0) return from + index;
  }
  return code.length;
}
