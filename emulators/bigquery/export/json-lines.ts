import type { Cell, QueryResult, TableField } from '../backend.ts';
import { isRecord } from '../fields.ts';

/**
 * Rows as BigQuery exports them to JSON: one object a line, INT64 as text, NULL left out.
 * https://cloud.google.com/bigquery/docs/exporting-data#json_type_compatibility
 */
export function* jsonLines({ fields, rows }: Pick<QueryResult, 'fields' | 'rows'>): Generator<string> {
  for (const { f } of rows) yield `${JSON.stringify(record(f, fields))}\n`;
}

function record(cells: readonly Cell[], fields: readonly TableField[]): Record<string, unknown> {
  const entries = fields.map((field, index) => [field.name, value(cells[index], field)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
}

function value(cell: Cell | undefined, field: TableField): unknown {
  const v = cell?.v;
  if (v === null || v === undefined) return undefined;
  if (Array.isArray(v)) return v.map((item: Cell) => value(item, field));
  if (typeof v === 'object' && 'f' in v) return isRecord(field) ? record(v.f, field.fields ?? []) : undefined;
  const text = String(v);
  switch (field.type) {
    case 'BOOLEAN':
      return text === 'true';
    case 'FLOAT':
      return Number.isFinite(Number(text)) ? Number(text) : text;
    case 'JSON':
      return JSON.parse(text);
    case 'TIMESTAMP':
      return exportedTimestamp(BigInt(text));
    default:
      return text;
  }
}

/** `2026-11-21 09:30:00.123456 UTC`, without a fraction where there is none. */
export function exportedTimestamp(micros: bigint): string {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const [date = '', time = ''] = new Date(Number((micros - rest) / 1000n)).toISOString().split(/[T.]/);
  return `${date} ${time}${rest === 0n ? '' : `.${String(rest).padStart(6, '0').replace(/0+$/, '')}`} UTC`;
}
