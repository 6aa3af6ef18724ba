import type { TableField, WriteRow } from '../backend.ts';
import { isRecord, isRepeated } from '../fields.ts';
import { valueChecker } from './value-ranges.ts';

/** Throws an Error where a required value is missing or a value is out of its column's range. */
export type CheckRow = (row: WriteRow) => void;

/** What a table asks of its rows, worked out once for all of them. */
export function makeRowChecker(columns: readonly TableField[], path = ''): CheckRow {
  const checks = columns.map((column) => checkOf(column, path)).filter((check) => check !== undefined);
  return (row) => {
    for (const check of checks) check(row);
  };
}

function checkOf(column: TableField, path: string): CheckRow | undefined {
  const { name } = column;
  const full = `${path}${name}`;
  const required = column.mode?.toUpperCase() === 'REQUIRED';
  const check = isRecord(column)
    ? (makeRowChecker(column.fields ?? [], `${full}.`) as (value: unknown) => void)
    : valueChecker(column.type, full);
  if (!check && !required) return undefined;
  const repeated = isRepeated(column);
  return (row) => {
    const value = row[name];
    if (value === undefined || value === null) {
      if (required) throw new Error(`Required field ${full} is missing`);
      return;
    }
    if (!check) return;
    if (repeated && Array.isArray(value)) value.forEach(check);
    else check(value);
  };
}
