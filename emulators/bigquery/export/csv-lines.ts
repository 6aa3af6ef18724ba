import { BigQueryError, type QueryResult, type TableField } from '../backend.ts';
import { isRecord, isRepeated } from '../fields.ts';
import { exportedTimestamp } from './json-lines.ts';

/**
 * Rows as BigQuery exports them to CSV, the header first; NULL is empty.
 * @throws BigQueryError invalid where a column is a list or a record
 */
export function* csvLines(
  { fields, rows }: Pick<QueryResult, 'fields' | 'rows'>,
  { delimiter, header }: { readonly delimiter: string; readonly header: boolean },
): Generator<string> {
  const nested = fields.find((field) => isRepeated(field) || isRecord(field));
  if (nested) {
    const message = `Operation cannot be performed on a nested schema. Field: ${nested.name}`;
    throw new BigQueryError(400, 'invalid', message);
  }
  const line = (cells: readonly string[]): string =>
    `${cells.map((cell) => quoted(cell, delimiter)).join(delimiter)}\n`;
  if (header) yield line(fields.map(({ name }) => name));
  for (const { f } of rows) yield line(fields.map((field, index) => text(f[index]?.v ?? null, field)));
}

function text(value: unknown, { type }: TableField): string {
  if (value === null) return '';
  return type === 'TIMESTAMP' ? exportedTimestamp(BigInt(String(value))) : String(value);
}

function quoted(cell: string, delimiter: string): string {
  return cell.includes(delimiter) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
