import { type Mends, member, type Node } from './tree.ts';

/** A table that only its name stands for: an INFORMATION_SCHEMA view, or many tables by a wildcard. */
export interface RelationRef {
  readonly project: string;
  /** Missing where the query names none. */
  readonly dataset: string | undefined;
  /** As `INFORMATION_SCHEMA.TABLES` or `events_*`. */
  readonly name: string;
}

/** DuckDB's SQL for a relation; undefined where there is none such. */
export type Relations = (ref: RelationRef) => string | undefined;

/** Puts a mark for each relation; `place` puts its query there once the rest is DuckDB's SQL. */
export function makeRelationMends(project: string, relations: Relations) {
  const queries: string[] = [];
  const mends: Mends = {
    table(table) {
      const name = String(member(table, 'name')?.name ?? '');
      if (!/^INFORMATION_SCHEMA\.|\*$/i.test(name)) return undefined;
      const ref = { ...datasetOf(table, project), name };
      const query = relations(ref);
      if (query === undefined) return undefined;
      const mark = `bq_relation_${queries.push(query) - 1}`;
      const { schema: _schema, catalog: _catalog, ...rest } = table;
      const alias = member(table, 'alias') ?? {
        name: name.split('.').at(-1)?.replace('*', ''),
        quoted: true,
      };
      return { table: { ...rest, name: { name: mark, quoted: true }, schema: null, catalog: null, alias } };
    },
  };
  const place = (name: string): string => {
    const [, index] = /^"bq_relation_(\d+)"$/.exec(name) ?? [];
    return index === undefined ? name : `(${queries[Number(index)]})`;
  };
  return { mends, place };
}

/** The parser may leave `project.dataset` in one name. */
function datasetOf(table: Node, project: string): { project: string; dataset: string | undefined } {
  const [catalog, schema] = ['catalog', 'schema'].map((part) => member(table, part)?.name);
  if (schema === undefined) return { project, dataset: undefined };
  if (catalog !== undefined) return { project: String(catalog), dataset: String(schema) };
  const parts = String(schema).split('.');
  const dataset = parts.pop();
  return { project: parts.length > 0 ? parts.join('.') : project, dataset };
}
