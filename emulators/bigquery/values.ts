import {
  blobValue,
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
  listValue,
  structValue,
} from '@duckdb/node-api';
import type { Cell, TableField, WriteRow } from './backend.ts';
import { isRecord, isRepeated } from './fields.ts';

/** A DuckDB value as a REST cell. Timestamps are whole microseconds; the handlers turn them as clients ask. */
export function toCell(value: DuckDBValue, field: TableField): Cell {
  if (value === null) return { v: isRepeated(field) ? [] : null };
  if (value instanceof DuckDBListValue) {
    const single = { ...field, mode: 'NULLABLE' };
    return { v: value.items.map((item) => toCell(item, single)) };
  }
  if (value instanceof DuckDBStructValue) {
    const f = (field.fields ?? []).map((inner) => toCell(value.entries[inner.name] ?? null, inner));
    return { v: { f } };
  }
  return { v: text(value, field) };
}

function text(value: DuckDBValue, field: TableField): string {
  if (value instanceof DuckDBTimestampTZValue) return String(value.micros);
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64');
  if (value instanceof DuckDBTimestampValue) return value.toString().replace(' ', 'T');
  if (value instanceof DuckDBDecimalValue) return trimmed(value.toString());
  if (typeof value === 'number' && field.type === 'FLOAT') return double(value);
  return String(value);
}

function double(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

function trimmed(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

/** Turns values from the wire into what DuckDB stores in a column; undefined and null are NULL. */
export type DuckConverter = (value: unknown) => DuckDBValue;

/** The converter for a column, made once for all its rows. */
export function duckConverter(field: TableField): DuckConverter {
  if (isRepeated(field)) {
    const item = duckConverter({ ...field, mode: 'NULLABLE' });
    return (value) => listValue(Array.isArray(value) ? value.map(item) : []);
  }
  const convert = isRecord(field) ? recordConverter(field.fields ?? []) : scalarConverter(field.type);
  return (value) => (value === undefined || value === null ? null : convert(value));
}

function recordConverter(fields: readonly TableField[]): DuckConverter {
  const members = fields.map((field) => ({ name: field.name, convert: duckConverter(field) }));
  return (value) => {
    const row = value as WriteRow;
    const entries: Record<string, DuckDBValue> = {};
    for (const { name, convert } of members) entries[name] = convert(row[name]);
    return structValue(entries);
  };
}

function scalarConverter(type: string): DuckConverter {
  switch (type.toUpperCase()) {
    case 'INTEGER':
    case 'INT64':
      return (value) => BigInt(value as bigint | number | string);
    case 'FLOAT':
    case 'FLOAT64':
      return Number;
    case 'TIMESTAMP':
      return (value) => new DuckDBTimestampTZValue(BigInt(value as bigint));
    case 'DATETIME':
      return (value) => new DuckDBTimestampValue(BigInt(value as bigint));
    case 'DATE':
      return (value) => new DuckDBDateValue(Number(value));
    case 'TIME':
      return (value) => new DuckDBTimeValue(BigInt(value as bigint));
    case 'BYTES':
      return (value) => blobValue(value as Uint8Array);
    case 'NUMERIC':
      return (value) => decimal(String(value), 9);
    case 'BIGNUMERIC':
      return (value) => decimal(String(value), 18);
    case 'BOOL':
    case 'BOOLEAN':
      return (value) => value === true || value === 'true';
    default:
      return String;
  }
}

function decimal(value: string, scale: number): DuckDBDecimalValue {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d*)\.?(\d*)$/.exec(value) ?? [];
  const digits = BigInt(`${whole || '0'}${fraction.slice(0, scale).padEnd(scale, '0')}`);
  return new DuckDBDecimalValue(sign === '-' ? -digits : digits, 38, scale);
}
