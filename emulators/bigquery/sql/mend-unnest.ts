import {
  aliased,
  call,
  column,
  holds,
  identifier,
  isNode,
  member,
  members,
  type Node,
  select,
  subquery,
} from './tree.ts';

/** An array in FROM: `UNNEST(array) AS alias WITH OFFSET AS offset`. */
interface Source {
  readonly array: Node;
  readonly alias: string | undefined;
  readonly offset: string | undefined;
}

/**
 * UNNEST in FROM as a subquery; the offset counts from zero. Where the query speaks of elements by their alias, the
 * subquery has a column of that name. Where it does not, an array of structs gives a column per field, as a value table
 * does: with an alias in use, their names might be taken for those of the table's own columns.
 */
export function withUnnested(payload: Node): Node {
  const from = member(payload, 'from');
  const names = new Set<string>();
  const offsets = new Map<string, string>();
  let count = 0;
  const replaced = (source: Node): Node => {
    const unnest = sourceOf(source, names);
    if (!unnest) {
      const name = nameOf(source);
      if (name !== undefined) names.add(name);
      return source;
    }
    const { alias = `unnest_${count++}`, offset } = unnest;
    if (!isSpread(unnest, payload)) return element(unnest, alias);
    if (offset !== undefined) offsets.set(alias, offset);
    return spread(unnest, alias);
  };
  const sources = members(from ?? {}, 'expressions').map(replaced);
  const joins = members(payload, 'joins').map((join) => {
    const source = member(join, 'this');
    if (!source) return join;
    const put = replaced(source);
    const isBare = put !== source && join.kind !== 'Cross' && !isNode(join.on);
    const on = isBare && members(join, 'using').length === 0 ? { on: { boolean: { value: true } } } : {};
    return { ...join, this: put, ...on };
  });
  const expressions = members(payload, 'expressions').map((each) => withoutOffset(each, offsets));
  return { ...payload, expressions, ...(from ? { from: { ...from, expressions: sources } } : {}), joins };
}

/** `i.*` is the element's fields, without the offset beside them. */
function withoutOffset(expression: Node, offsets: ReadonlyMap<string, string>): Node {
  const star = member(expression, 'star');
  const offset = star && offsets.get(String(member(star, 'table')?.name));
  if (!star || offset === undefined) return expression;
  return { star: { ...star, except: [...members(star, 'except'), identifier(offset)] } };
}

function isSpread({ alias, array }: Source, payload: Node): boolean {
  return alias === undefined || !refersTo(payload, alias) || hasStar(payload) || isItsName(array, alias);
}

function element({ array, offset }: Source, name: string): Node {
  return subquery(
    select([aliased(call('BQ_UNNEST', array), name), ...offsetOf(array, offset)]),
    `bq_${name}`,
  );
}

function spread({ array, alias, offset }: Source, name: string): Node {
  const fields = call('BQ_UNNEST', array, column('bq_deep'));
  const only = alias === undefined || isItsName(array, alias) ? 'f0_' : alias;
  return subquery(select([aliased(fields, only), ...offsetOf(array, offset)]), name);
}

function offsetOf(array: Node, offset: string | undefined): readonly Node[] {
  return offset === undefined ? [] : [aliased(call('BQ_OFFSETS', array), offset)];
}

/** @param names what stands before it in FROM, whose arrays may be named without UNNEST */
function sourceOf(source: Node, names: ReadonlySet<string>): Source | undefined {
  const outer = member(source, 'alias');
  const unnest = member(outer ? (member(outer, 'this') ?? {}) : source, 'unnest');
  if (unnest) {
    const array = member(unnest, 'this');
    const alias = member(outer ?? unnest, 'alias')?.name;
    const offset = member(unnest, 'offset_alias')?.name ?? 'offset';
    if (!array) return undefined;
    return {
      array,
      alias: alias === undefined ? undefined : String(alias),
      offset: unnest.with_ordinality === true ? String(offset) : undefined,
    };
  }
  const table = member(source, 'table');
  const owner = table && member(table, 'schema')?.name;
  if (!table || isNode(table.catalog) || !names.has(String(owner))) return undefined;
  const array = { column: { name: table.name, table: table.schema } };
  return { array, alias: nameOf(source), offset: undefined };
}

function nameOf(source: Node): string | undefined {
  const table = member(source, 'table') ?? member(source, 'subquery');
  const name = table && (member(table, 'alias') ?? member(table, 'name'))?.name;
  return name === undefined ? undefined : String(name);
}

/** Whether the query speaks of this alias. */
function refersTo(payload: Node, name: string): boolean {
  return holds(payload, (node) => {
    const found = member(node, 'column') ?? member(node, 'star');
    if (!found) return false;
    const table = member(found, 'table');
    return (table ?? member(found, 'name'))?.name === name;
  });
}

function hasStar(payload: Node): boolean {
  return members(payload, 'expressions').some((each) => {
    const star = member(each, 'star');
    return star !== undefined && !isNode(star.table);
  });
}

/** `UNNEST(items) AS items`: a column of that name would stand beside the table's. */
function isItsName(array: Node, name: string): boolean {
  return member(member(array, 'column') ?? {}, 'name')?.name === name;
}
