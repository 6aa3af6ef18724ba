import type { BigQuery, Dataset, TableField, TableMetadata } from '@google-cloud/bigquery';
import { type Column, TABLE_DEFINITIONS, type TableDefinition } from './tables.ts';
import { readViews, type View } from './views.ts';

export interface ApplyWarehouseOptions {
  readonly bigquery: BigQuery;
  readonly dataset: string;
  /** Where the data lives, as `EU` or `europe-west1`; cannot be changed later. */
  readonly location: string;
}

/** What `applyWarehouse` did, by table or view name. */
export interface AppliedWarehouse {
  readonly created: readonly string[];
  readonly updated: readonly string[];
}

/**
 * Brings a dataset to what `tables/` and `views/` declare: creates what is missing, adds new columns, replaces views that
 * differ. Applying it again changes nothing. It never drops a column or changes its type: BigQuery's own refusal of
 * such a change is thrown.
 */
export async function applyWarehouse(options: ApplyWarehouseOptions): Promise<AppliedWarehouse> {
  const created: string[] = [];
  const updated: string[] = [];
  const dataset = options.bigquery.dataset(options.dataset);
  await createUnlessPresent(() =>
    options.bigquery.createDataset(options.dataset, { location: options.location }),
  );
  const note = (name: string, outcome: 'created' | 'updated' | 'unchanged'): void => {
    if (outcome === 'created') created.push(name);
    if (outcome === 'updated') updated.push(name);
  };
  for (const definition of Object.values(TABLE_DEFINITIONS)) {
    note(definition.name, await applyTable(dataset, definition));
  }
  const project = await options.bigquery.getProjectId();
  for (const view of await readViews(project, options.dataset)) {
    note(view.name, await applyView(dataset, view));
  }
  return { created, updated };
}

async function applyTable(dataset: Dataset, definition: TableDefinition) {
  const { name, description, timePartitioning, clustering, schema } = definition;
  const fields = tableFields(schema.fields);
  const metadata: TableMetadata = {
    description,
    timePartitioning,
    clustering: { fields: [...clustering.fields] },
    schema: { fields },
  };
  if (await createUnlessPresent(() => dataset.createTable(name, metadata))) return 'created';
  const table = dataset.table(name);
  const [current]: readonly TableMetadata[] = await table.getMetadata();
  const present = (current?.schema as { fields?: TableField[] } | undefined)?.fields ?? [];
  if (columnPaths(fields).isSubsetOf(columnPaths(present))) return 'unchanged';
  await table.setMetadata({ schema: { fields: mergeColumns(present, fields) } });
  return 'updated';
}

/**
 * A view's columns are those that its `*` had when it was set: one that lacks a column of its table is set again, whichever
 * run the column came with.
 */
async function applyView(dataset: Dataset, { name, query }: View) {
  const view = { query, useLegacySql: false };
  if (await createUnlessPresent(() => dataset.createTable(name, { view }))) return 'created';
  const table = dataset.table(name);
  const [current]: readonly {
    readonly view?: { readonly query?: string };
    readonly schema?: { readonly fields?: readonly TableField[] };
  }[] = await table.getMetadata();
  const shown = columnPaths(current?.schema?.fields ?? []);
  if (current?.view?.query === query && columnsOfTable(name).isSubsetOf(shown)) return 'unchanged';
  await table.setMetadata({ view });
  return 'updated';
}

/** What a view has to show of the table it stands for; nothing where it stands for none. */
function columnsOfTable(view: string): Set<string> {
  const definition = Object.values(TABLE_DEFINITIONS).find(({ name }) => name === `${view}_raw`);
  return columnPaths(tableFields(definition?.schema.fields ?? []));
}

/** True where `create` made it, false where it was there already (409). */
async function createUnlessPresent(create: () => Promise<unknown>): Promise<boolean> {
  try {
    await create();
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 409) return false;
    throw error;
  }
}

function tableFields(columns: readonly Column[]): TableField[] {
  return columns.map(({ fields, ...column }) => ({
    ...column,
    ...(fields === undefined ? {} : { fields: tableFields(fields) }),
  }));
}

/** Columns that the table has and the declaration does not know stay; new ones come last, as BigQuery wants. */
function mergeColumns(present: readonly TableField[], declared: readonly TableField[]): TableField[] {
  const merged = present.map((column) => {
    const wanted = declared.find(({ name }) => name === column.name);
    if (!wanted?.fields) return wanted ? { ...column, ...descriptionOf(wanted) } : column;
    return { ...column, ...descriptionOf(wanted), fields: mergeColumns(column.fields ?? [], wanted.fields) };
  });
  const added = declared.filter(({ name }) => !present.some((column) => column.name === name));
  return [...merged, ...added];
}

function descriptionOf(column: TableField): TableField {
  return column.description === undefined ? {} : { description: column.description };
}

function columnPaths(columns: readonly TableField[], prefix = ''): Set<string> {
  return new Set(
    columns.flatMap((column) => {
      const path = `${prefix}${column.name}`;
      return [path, ...columnPaths(column.fields ?? [], `${path}.`)];
    }),
  );
}
