import { scan } from './scan.ts';

/**
 * What the transpiler misses between GoogleSQL and DuckDB, mended in this one place. Each mend says what goes wrong
 * without it; its test is in mends.test.ts.
 */
interface Mend {
  readonly why: string;
  readonly pattern: RegExp;
  readonly put: string;
}

/** On GoogleSQL, before it is transpiled. */
const BEFORE: readonly Mend[] = [
  {
    why: 'JSON_VALUE gives a scalar; the transpiler makes it JSON, quotes and all',
    pattern: /\bJSON_VALUE\s*\(/gi,
    put: 'JSON_EXTRACT_SCALAR(',
  },
  {
    why: 'GoogleSQL counts days of the week from Sunday = 1, DuckDB from Sunday = 0',
    pattern: /\bEXTRACT\s*\(\s*DAYOFWEEK\s+FROM\s+([^()]+|[^()]*\([^()]*\)[^()]*)\)/gi,
    put: '(1 + EXTRACT(DAYOFWEEK FROM $1))',
  },
  {
    why: 'DuckDB has no partitions; the table keeps them as metadata only',
    pattern:
      /\bPARTITION\s+BY\s+(?:DATE\s*\(\s*\w+\s*\)|TIMESTAMP_TRUNC\s*\([^)]*\)|_PARTITIONDATE)(?=\s*(?:CLUSTER|OPTIONS|AS|;|$))/gi,
    put: '',
  },
  {
    why: 'DuckDB does not cluster',
    pattern: /\bCLUSTER\s+BY\s+[\w\s,]+?(?=\s*(?:OPTIONS|AS\s|;|$))/gi,
    put: '',
  },
  { why: 'DuckDB knows no table options', pattern: /\bOPTIONS\s*\([^()]*\)/gi, put: '' },
];

/** On DuckDB's SQL, after. */
const AFTER: readonly Mend[] = [
  {
    why: 'LIST_COUNT counts what is not NULL only in newer dialects; DuckDB calls it list_count',
    pattern: /\bLIST_COUNT\(/g,
    put: 'list_count(',
  },
  {
    why: 'a TIMESTAMP loses its zone: GoogleSQL means an instant',
    pattern: /\bAS TIMESTAMP\)/g,
    put: 'AS TIMESTAMPTZ)',
  },
  {
    why: 'DuckDB has no LIMIT within ARRAY_AGG; a slice of the ordered list is the same',
    pattern: /\bARRAY_AGG\(((?:[^()]|\([^()]*\))*?) LIMIT (\d+)\)/g,
    put: '(ARRAY_AGG($1))[1:$2]',
  },
];

/** Mends GoogleSQL; what strings hold is left alone. */
export function beforehand(sql: string): string {
  return outsideStrings(
    scan(sql).map(({ kind, text }) => ({ text, string: kind === 'string' })),
    BEFORE,
  );
}

/** Mends DuckDB's SQL; what strings hold is left alone. */
export function afterwards(sql: string): string {
  const parts = sql.split(/('(?:[^']|'')*')/);
  return outsideStrings(
    parts.map((text, index) => ({ text, string: index % 2 === 1 })),
    AFTER,
  );
}

/** A string stands as `'<number>'` while mends look at the code around it. */
function outsideStrings(
  pieces: readonly { readonly text: string; readonly string: boolean }[],
  mends: readonly Mend[],
): string {
  const strings: string[] = [];
  const code = pieces
    .map(({ text, string }) => (string ? `'\u0001${strings.push(text) - 1}\u0001'` : text))
    .join('');
  const mended = mends.reduce((text, { pattern, put }) => text.replace(pattern, put), code);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a mark that no SQL text holds
  return mended.replace(/'\u0001(\d+)\u0001'/g, (_mark, index: string) => strings[Number(index)] ?? '');
}
