import { canonicalJson } from '../../../shared/json.ts';
import { compileTransform } from '../transforms.ts';

/** What a column's values look like. */
export type ColumnType =
  | 'empty'
  | 'boolean'
  | 'integer'
  | 'number'
  | 'epoch'
  | 'time'
  | 'list'
  | 'object'
  | 'text';

/** One column as seen in a sample of records. */
export interface ColumnSeen {
  /** Its name; of a JSON record's inner fields, the path. */
  readonly column: string;
  readonly type: ColumnType;
  /** Records in which it is not empty. */
  readonly filled: number;
  readonly distinct: number;
  /** Values, the first ones that differ. */
  readonly examples: readonly string[];
}

type Record_ = Readonly<Record<string, unknown>>;

const EXAMPLES = 5;
const isEpoch = compileTransform({ column: '', as: 'epoch', decimal: '.' });
const isTime = compileTransform({ column: '', as: 'iso', decimal: '.' });

/** The columns of a sample of records, in order of appearance; inner fields of objects as paths, lists whole. */
export function columnTypes(records: readonly Record_[]): readonly ColumnSeen[] {
  const values = new Map<string, unknown[]>();
  for (const record of records) {
    for (const [column, value] of leaves(record, '', 3)) {
      if (!values.has(column)) values.set(column, []);
      if (value !== '' && value !== null && value !== undefined) values.get(column)?.push(value);
    }
  }
  return [...values].map(([column, seen]) => {
    const distinct = new Set(seen.map((value) => (typeof value === 'string' ? value : canonicalJson(value))));
    return {
      column,
      type: typeOf(seen),
      filled: seen.length,
      distinct: distinct.size,
      examples: [...distinct].slice(0, EXAMPLES),
    };
  });
}

function* leaves(record: Record_, prefix: string, levels: number): Generator<readonly [string, unknown]> {
  for (const [name, value] of Object.entries(record)) {
    const column = `${prefix}${name}`;
    const inner = value !== null && typeof value === 'object' && !Array.isArray(value);
    if (inner && levels > 1) yield* leaves(value as Record_, `${column}.`, levels - 1);
    else yield [column, value];
  }
}

function typeOf(values: readonly unknown[]): ColumnType {
  const every = (test: (text: string) => boolean): boolean => values.every((value) => test(String(value)));
  if (values.length === 0) return 'empty';
  if (values.every((value) => Array.isArray(value))) return 'list';
  if (values.some((value) => typeof value === 'object')) return 'object';
  if (every((text) => /^(true|false|yes|no)$/i.test(text))) return 'boolean';
  if (every((text) => text.length >= 9 && 'value' in isEpoch(text, 0))) return 'epoch';
  if (every((text) => /^-?\d+$/.test(text))) return 'integer';
  if (every((text) => /^-?(\d+(\.\d+)?|\.\d+)(e-?\d+)?$/i.test(text))) return 'number';
  if (every((text) => 'value' in isTime(text, 0))) return 'time';
  return 'text';
}
