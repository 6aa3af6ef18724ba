import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableField, TableRef } from './backend.ts';
import type { Catalog } from './catalog.ts';
import { fieldOf, quoted } from './fields.ts';
import type { Translated } from './sql/translate.ts';

export interface DdlOptions {
  readonly connection: DuckDBConnection;
  readonly catalog: Catalog;
}

/** Columns that a view or a table made by SQL turned out to have. */
export async function describeTable(
  connection: DuckDBConnection,
  { project, dataset, table }: TableRef,
): Promise<readonly TableField[]> {
  const name = [project, dataset, table].map(quoted).join('.');
  const result = await connection.run(`SELECT * FROM ${name} LIMIT 0`);
  // Not duckdb_columns(), which works out the columns of every view there is.
  const required = await connection.runAndReadAll(
    "SELECT unnest(constraint_column_names) FROM duckdb_constraints() WHERE constraint_type = 'NOT NULL' AND database_name = $1 AND schema_name = $2 AND table_name = $3",
    [project, dataset, table],
  );
  const names = new Set(required.getRows().map(([column]) => column));
  return result.columnNames().map((column, index) => {
    const field = fieldOf(column, result.columnType(index));
    return names.has(column) ? { ...field, mode: 'REQUIRED' } : field;
  });
}

/** Takes what DDL by SQL did into the catalogue; DuckDB knows columns only, the statements say the rest. */
export async function takeOver(
  { connection, catalog }: DdlOptions,
  project: string,
  statements: readonly Translated[],
  defaultDataset: string | undefined,
): Promise<void> {
  await takeDatasets({ connection, catalog }, project);
  const found = await connection.runAndReadAll(
    "SELECT table_schema, table_name FROM information_schema.tables WHERE table_catalog = $1 AND table_schema <> 'main'",
    [project],
  );
  const present = found
    .getRows()
    .map(([dataset, table]) => ({ project, dataset: String(dataset), table: String(table) }));
  const keys = new Set(present.map(keyOf));
  for (const { ref } of catalog.datasets(project).flatMap((each) => catalog.tables(each.ref))) {
    if (!keys.has(keyOf(ref))) catalog.dropTable(ref);
  }
  for (const ref of present) {
    const made = statements.findLast(
      ({ creation }) =>
        creation?.table === ref.table && (creation.dataset.dataset ?? defaultDataset) === ref.dataset,
    );
    const known = catalog.hasTable(ref) ? catalog.table(ref) : undefined;
    const fields = await describeTable(connection, ref);
    const sameColumns =
      known?.fields.map(({ name }) => name).join() === fields.map(({ name }) => name).join();
    if (known && sameColumns && !made) continue;
    const kept = made ? undefined : known;
    const merged = fields.map((field) => kept?.fields.find(({ name }) => name === field.name) ?? field);
    const view = made ? made.creation?.view : known?.view;
    catalog.putTable({
      ref,
      metadata: kept?.metadata ?? made?.metadata ?? {},
      fields: merged,
      created: known?.created ?? Date.now(),
      ...(view === undefined ? {} : { view }),
    });
  }
}

async function takeDatasets({ connection, catalog }: DdlOptions, project: string): Promise<void> {
  const found = await connection.runAndReadAll(
    "SELECT schema_name FROM information_schema.schemata WHERE catalog_name = $1 AND schema_name NOT IN ('main', 'information_schema', 'pg_catalog')",
    [project],
  );
  const present = new Set(found.getRows().map(([name]) => String(name)));
  for (const dataset of present) {
    const ref = { project, dataset };
    if (!catalog.hasDataset(ref)) catalog.putDataset({ ref, metadata: {}, created: Date.now() });
  }
  for (const { ref } of catalog.datasets(project)) if (!present.has(ref.dataset)) catalog.dropDataset(ref);
}

function keyOf({ dataset, table }: TableRef): string {
  return `${dataset}.${table}`;
}
