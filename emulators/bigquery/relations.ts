import { BigQueryError } from './backend.ts';
import type { Catalog } from './catalog.ts';
import { quoted } from './fields.ts';
import { informationSchema } from './information-schema.ts';
import type { RelationRef, Relations } from './sql/relations.ts';

/** What the catalogue knows behind names that are no table's: INFORMATION_SCHEMA, and tables by a wildcard. */
export function makeRelations(catalog: Catalog, defaultDataset?: string): Relations {
  return (ref) =>
    /^INFORMATION_SCHEMA\./i.test(ref.name)
      ? informationSchema(catalog, ref)
      : wildcard(catalog, ref, ref.dataset ?? defaultDataset);
}

/** All tables of a prefix, as one, with what followed the prefix as `_TABLE_SUFFIX`. */
function wildcard(catalog: Catalog, { project, name }: RelationRef, dataset = ''): string {
  const prefix = name.slice(0, -1);
  const tables = catalog
    .tables({ project, dataset })
    .filter(({ ref, view }) => view === undefined && ref.table.startsWith(prefix));
  if (tables.length === 0) {
    throw new BigQueryError(404, 'notFound', `${project}:${dataset}.${name} does not match any table.`);
  }
  return tables
    .map(({ ref: { table } }) => {
      const suffix = table.slice(prefix.length).replaceAll("'", "''");
      const from = [project, dataset, table].map(quoted).join('.');
      return `SELECT *, '${suffix}' AS "_TABLE_SUFFIX" FROM ${from}`;
    })
    .join(' UNION ALL BY NAME ');
}
