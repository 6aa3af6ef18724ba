import { withUnnested } from './mend-unnest.ts';
import {
  aliased,
  call,
  column,
  isNode,
  literalOf,
  type Mends,
  member,
  members,
  type Node,
  number,
  select,
  subquery,
} from './tree.ts';

const POSITIONS: Readonly<Record<string, (list: Node, position: Node) => Node>> = {
  OFFSET: (list, position) => call('BQ_AT', list, position),
  SAFE_OFFSET: (list, position) => call('BQ_SAFE_AT', list, position),
  ORDINAL: (list, position) => call('BQ_AT', list, lessOne(position)),
  SAFE_ORDINAL: (list, position) => call('BQ_SAFE_AT', list, lessOne(position)),
};

/** Mends of what is larger than a function: UNNEST, positions in arrays, structs, pivots. */
export const QUERY_MENDS: Mends = {
  subscript({ this: on, index }) {
    if (!isNode(on) || !isNode(index)) return undefined;
    const named = member(index, 'function');
    const position = named && POSITIONS[String(named.name).toUpperCase()];
    const [inner] = named ? members(named, 'args') : [];
    if (position && inner) return paren(position(on, inner));
    const isKey = member(index, 'literal')?.literal_type === 'string';
    return isKey ? undefined : paren(call('BQ_AT', on, index));
  },
  select: (payload) => structured(withUnnested(payload)),
  insert: (payload) => ({ insert: { ...payload, values: plainRows(payload.values) } }),
  // A materialized view is one that is always fresh.
  create_view: (payload) => ({ create_view: { ...payload, materialized: false } }),
  pivot: (payload) => ({ pivot: prefixed(payload) }),
};

function paren(expression: Node): Node {
  return { paren: { this: expression } };
}

function lessOne(position: Node): Node {
  return { sub: { left: position, right: number(1) } };
}

/** SELECT AS STRUCT within a query: the row of a subquery. */
function structured(payload: Node): Node {
  const { kind, with: common, ...plain } = payload;
  if (kind !== 'STRUCT') return { select: kind === 'VALUE' ? { ...payload, kind: null } : payload };
  const row = subquery({ select: plain }, 'bq_row');
  return select([column('bq_row')], { from: { expressions: [row] }, ...(common ? { with: common } : {}) });
}

/** Rows to insert hold structs by position: a tuple fits whatever the column's fields are called. */
function plainRows(values: unknown): unknown {
  if (!Array.isArray(values)) return values;
  return values.map((row) =>
    Array.isArray(row)
      ? row.map((value: Node) => {
          const struct = member(value, 'function');
          const isStruct = struct && String(struct.name).toUpperCase() === 'STRUCT';
          if (!isStruct || members(struct, 'args').some((each) => 'alias' in each)) return value;
          return { tuple: { expressions: struct.args } };
        })
      : row,
  );
}

/** The columns of a pivot are called `alias_value`; DuckDB's are `value_alias`. */
function prefixed(pivot: Node): Node {
  const [aggregate, ...others] = members(pivot, 'expressions');
  const alias = aggregate && member(aggregate, 'alias');
  if (!alias || others.length > 0) return pivot;
  const prefix = String(member(alias, 'alias')?.name);
  const fields = members(pivot, 'fields').map((field) => {
    const within = member(field, 'in');
    if (!within) return field;
    const expressions = members(within, 'expressions').map((value) => {
      const named = member(value, 'pivot_alias');
      const given = named
        ? member(member(member(named, 'alias') ?? {}, 'column') ?? {}, 'name')?.name
        : undefined;
      const name = `${prefix}_${given ?? literalOf(value)}`;
      return { pivot_alias: { this: named ? named.this : value, alias: column(name) } };
    });
    return { in: { ...within, expressions } };
  });
  return { ...pivot, expressions: [alias.this], fields };
}

/** Names the columns of a query's result as BigQuery does: `f0_`, `f1_` … where they have none. */
export function withOutputNames(statement: Node): Node {
  const [kind, payload] = Object.entries(statement)[0] ?? [];
  if (!isNode(payload)) return statement;
  if (kind === 'select') {
    let anonymous = 0;
    const expressions = members(payload, 'expressions').map((each) => {
      if ('alias' in each || 'column' in each || 'star' in each) return each;
      const field = member(member(each, 'dot') ?? {}, 'field')?.name;
      return aliased(each, field === undefined ? `f${anonymous++}_` : String(field));
    });
    return { select: { ...payload, expressions, kind: null } };
  }
  const left = member(payload, kind === 'subquery' || kind === 'paren' ? 'this' : 'left');
  if (!left) return statement;
  return { [String(kind)]: { ...payload, [payload.left === left ? 'left' : 'this']: withOutputNames(left) } };
}

/** Identifiers in quotes: DuckDB reserves words that GoogleSQL does not. */
export function quoteNames<T>(tree: T): T {
  if (Array.isArray(tree)) return tree.map(quoteNames) as T;
  if (!isNode(tree)) return tree;
  // The transpiler reads a window's name in quotes as a string.
  const entries = Object.entries(tree).map(([name, value]) => [
    name,
    name === 'window_name' || name === 'windows' ? value : quoteNames(value),
  ]);
  const node = Object.fromEntries(entries) as Node;
  const isName = typeof node.name === 'string' && typeof node.quoted === 'boolean' && !('args' in node);
  return (isName ? { ...node, quoted: true } : node) as T;
}
