import type { DatasetEntry, TableEntry, TableField } from './backend.ts';
import type { Catalog } from './catalog.ts';
import { isRecord, isRepeated, quoted } from './fields.ts';
import type { RelationRef } from './sql/relations.ts';

/** A column of a view, and its type in DuckDB. */
type Columns = Readonly<Record<string, string>>;
type Row = Readonly<Record<string, string | number | null>>;

const SCHEMATA: Columns = {
  catalog_name: 'VARCHAR',
  schema_name: 'VARCHAR',
  creation_time: 'TIMESTAMPTZ',
  location: 'VARCHAR',
};
const TABLES: Columns = {
  table_catalog: 'VARCHAR',
  table_schema: 'VARCHAR',
  table_name: 'VARCHAR',
  table_type: 'VARCHAR',
  is_insertable_into: 'VARCHAR',
  creation_time: 'TIMESTAMPTZ',
};
const COLUMNS: Columns = {
  table_catalog: 'VARCHAR',
  table_schema: 'VARCHAR',
  table_name: 'VARCHAR',
  column_name: 'VARCHAR',
  ordinal_position: 'BIGINT',
  is_nullable: 'VARCHAR',
  data_type: 'VARCHAR',
  is_partitioning_column: 'VARCHAR',
  clustering_ordinal_position: 'BIGINT',
};
const FIELD_PATHS: Columns = {
  table_catalog: 'VARCHAR',
  table_schema: 'VARCHAR',
  table_name: 'VARCHAR',
  column_name: 'VARCHAR',
  field_path: 'VARCHAR',
  data_type: 'VARCHAR',
  description: 'VARCHAR',
};
const VIEWS: Columns = {
  table_catalog: 'VARCHAR',
  table_schema: 'VARCHAR',
  table_name: 'VARCHAR',
  view_definition: 'VARCHAR',
};

/**
 * A view of INFORMATION_SCHEMA over the catalogue, as DuckDB's SQL; undefined where it is not one that is served. A query
 * that names no dataset sees the project's.
 * https://cloud.google.com/bigquery/docs/information-schema-intro
 */
export function informationSchema(
  catalog: Catalog,
  { project, dataset, name }: RelationRef,
): string | undefined {
  const isRegion = dataset === undefined || /^region-/i.test(dataset);
  const view = name.replace(/^INFORMATION_SCHEMA\./i, '').toUpperCase();
  // No dataset has SCHEMATA: what stands before it is a project.
  if (view === 'SCHEMATA') {
    return relation(SCHEMATA, catalog.datasets(isRegion ? project : dataset).map(schemaRow));
  }
  const datasets = isRegion ? catalog.datasets(project) : [catalog.dataset({ project, dataset })];
  const tables = datasets.flatMap(({ ref }) => catalog.tables(ref));
  switch (view) {
    case 'TABLES':
      return relation(TABLES, tables.map(tableRow));
    case 'COLUMNS':
      return relation(COLUMNS, tables.flatMap(columnRows));
    case 'COLUMN_FIELD_PATHS':
      return relation(FIELD_PATHS, tables.flatMap(pathRows));
    case 'VIEWS':
      return relation(
        VIEWS,
        tables
          .filter(({ view }) => view !== undefined)
          .map((entry) => ({ ...place(entry), view_definition: entry.view ?? null })),
      );
    default:
      return undefined;
  }
}

function place({ ref }: TableEntry): Row {
  return { table_catalog: ref.project, table_schema: ref.dataset, table_name: ref.table };
}

function schemaRow({ ref, metadata, created }: DatasetEntry): Row {
  return {
    catalog_name: ref.project,
    schema_name: ref.dataset,
    creation_time: new Date(created).toISOString(),
    location: String(metadata.location ?? 'US'),
  };
}

function tableRow(entry: TableEntry): Row {
  const isView = entry.view !== undefined;
  return {
    ...place(entry),
    table_type: isView ? 'VIEW' : 'BASE TABLE',
    is_insertable_into: isView ? 'NO' : 'YES',
    creation_time: new Date(entry.created).toISOString(),
  };
}

function columnRows(entry: TableEntry): readonly Row[] {
  const { timePartitioning, clustering } = entry.metadata as {
    timePartitioning?: { field?: string };
    clustering?: { fields?: readonly string[] };
  };
  return entry.fields.map((field, index) => {
    const cluster = clustering?.fields?.indexOf(field.name) ?? -1;
    return {
      ...place(entry),
      column_name: field.name,
      ordinal_position: index + 1,
      is_nullable: field.mode?.toUpperCase() === 'REQUIRED' ? 'NO' : 'YES',
      data_type: googleType(field),
      is_partitioning_column: timePartitioning?.field === field.name ? 'YES' : 'NO',
      clustering_ordinal_position: cluster < 0 ? null : cluster + 1,
    };
  });
}

function pathRows(entry: TableEntry): readonly Row[] {
  const below = (field: TableField, path: string, top: string): readonly Row[] => [
    {
      ...place(entry),
      column_name: top,
      field_path: path,
      data_type: googleType(field),
      description: field.description ?? null,
    },
    ...(field.fields ?? []).flatMap((inner) => below(inner, `${path}.${inner.name}`, top)),
  ];
  return entry.fields.flatMap((field) => below(field, field.name, field.name));
}

const NAMES: Readonly<Record<string, string>> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
};

/** A column's type as GoogleSQL writes it: `ARRAY<STRUCT<item_id STRING>>`. */
function googleType(field: TableField): string {
  const name = field.type.toUpperCase();
  const single = isRecord(field)
    ? `STRUCT<${(field.fields ?? []).map((inner) => `${inner.name} ${googleType(inner)}`).join(', ')}>`
    : (NAMES[name] ?? name);
  return isRepeated(field) ? `ARRAY<${single}>` : single;
}

function relation(columns: Columns, rows: readonly Row[]): string {
  const selected = (row: Row): string =>
    Object.entries(columns)
      .map(([name, type]) => `CAST(${sqlText(row[name] ?? null)} AS ${type}) AS ${quoted(name)}`)
      .join(', ');
  if (rows.length === 0) return `SELECT ${selected({})} WHERE FALSE`;
  return rows.map((row) => `SELECT ${selected(row)}`).join(' UNION ALL ');
}

function sqlText(value: string | number | null): string {
  return value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`;
}
