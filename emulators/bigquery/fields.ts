import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  type DuckDBType,
  DuckDBTypeId,
  LIST,
  STRUCT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
} from '@duckdb/node-api';
import { BigQueryError, type TableField } from './backend.ts';

/** BigQuery's scalar types, the names of both SQL dialects, in DuckDB's SQL. */
const SQL_TYPES: Readonly<Record<string, { readonly sql: string; readonly type: DuckDBType }>> = {
  STRING: { sql: 'VARCHAR', type: VARCHAR },
  BYTES: { sql: 'BLOB', type: BLOB },
  INTEGER: { sql: 'BIGINT', type: BIGINT },
  INT64: { sql: 'BIGINT', type: BIGINT },
  FLOAT: { sql: 'DOUBLE', type: DOUBLE },
  FLOAT64: { sql: 'DOUBLE', type: DOUBLE },
  NUMERIC: { sql: 'DECIMAL(38,9)', type: DECIMAL(38, 9) },
  BIGNUMERIC: { sql: 'DECIMAL(38,18)', type: DECIMAL(38, 18) },
  BOOLEAN: { sql: 'BOOLEAN', type: BOOLEAN },
  BOOL: { sql: 'BOOLEAN', type: BOOLEAN },
  TIMESTAMP: { sql: 'TIMESTAMPTZ', type: TIMESTAMPTZ },
  DATE: { sql: 'DATE', type: DATE },
  TIME: { sql: 'TIME', type: TIME },
  DATETIME: { sql: 'TIMESTAMP', type: TIMESTAMP },
  JSON: { sql: 'JSON', type: VARCHAR },
};

export function isRecord(field: TableField): boolean {
  return /^(RECORD|STRUCT)$/i.test(field.type);
}

export function isRepeated(field: TableField): boolean {
  return field.mode?.toUpperCase() === 'REPEATED';
}

function scalarOf(field: TableField) {
  const scalar = SQL_TYPES[field.type.toUpperCase()];
  if (scalar) return scalar;
  throw new BigQueryError(400, 'invalid', `Invalid field type for ${field.name}: ${field.type}`);
}

/** A double-quoted identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A column's type in DuckDB's SQL. */
export function sqlType(field: TableField): string {
  const single = isRecord(field)
    ? `STRUCT(${(field.fields ?? []).map((inner) => `${quoted(inner.name)} ${sqlType(inner)}`).join(', ')})`
    : scalarOf(field).sql;
  return isRepeated(field) ? `${single}[]` : single;
}

/** Columns as CREATE TABLE lists them. A table without any has one that no client sees. */
export function columnList(fields: readonly TableField[]): string {
  const columns = fields.map((field) => {
    const required = field.mode?.toUpperCase() === 'REQUIRED' ? ' NOT NULL' : '';
    return `${quoted(field.name)} ${sqlType(field)}${required}`;
  });
  return columns.join(', ') || '"_empty" BOOLEAN';
}

/** A column's type in DuckDB's own terms. */
export function duckType(field: TableField): DuckDBType {
  const single = isRecord(field)
    ? STRUCT(Object.fromEntries((field.fields ?? []).map((inner) => [inner.name, duckType(inner)])))
    : scalarOf(field).type;
  return isRepeated(field) ? LIST(single) : single;
}

const BY_ID: Readonly<Partial<Record<DuckDBTypeId, string>>> = {
  [DuckDBTypeId.BOOLEAN]: 'BOOLEAN',
  [DuckDBTypeId.TINYINT]: 'INTEGER',
  [DuckDBTypeId.SMALLINT]: 'INTEGER',
  [DuckDBTypeId.INTEGER]: 'INTEGER',
  [DuckDBTypeId.BIGINT]: 'INTEGER',
  [DuckDBTypeId.HUGEINT]: 'INTEGER',
  [DuckDBTypeId.UTINYINT]: 'INTEGER',
  [DuckDBTypeId.USMALLINT]: 'INTEGER',
  [DuckDBTypeId.UINTEGER]: 'INTEGER',
  [DuckDBTypeId.UBIGINT]: 'INTEGER',
  [DuckDBTypeId.FLOAT]: 'FLOAT',
  [DuckDBTypeId.DOUBLE]: 'FLOAT',
  [DuckDBTypeId.DECIMAL]: 'NUMERIC',
  [DuckDBTypeId.BLOB]: 'BYTES',
  [DuckDBTypeId.DATE]: 'DATE',
  [DuckDBTypeId.TIME]: 'TIME',
  [DuckDBTypeId.TIMESTAMP]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_S]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_MS]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_NS]: 'DATETIME',
  [DuckDBTypeId.TIMESTAMP_TZ]: 'TIMESTAMP',
};

/** A result column as BigQuery describes it. */
export function fieldOf(name: string, type: DuckDBType): TableField {
  if (type.typeId === DuckDBTypeId.LIST && 'valueType' in type) {
    return { ...fieldOf(name, type.valueType as DuckDBType), mode: 'REPEATED' };
  }
  if (type.typeId === DuckDBTypeId.STRUCT && 'entryNames' in type && 'entryTypes' in type) {
    const types = type.entryTypes as readonly DuckDBType[];
    const fields = (type.entryNames as readonly string[]).map((inner, index) =>
      fieldOf(inner, types[index] ?? VARCHAR),
    );
    return { name, type: 'RECORD', mode: 'NULLABLE', fields };
  }
  if (type.alias === 'JSON') return { name, type: 'JSON', mode: 'NULLABLE' };
  return { name, type: BY_ID[type.typeId] ?? 'STRING', mode: 'NULLABLE' };
}
