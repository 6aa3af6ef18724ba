/** A part of a statement as the transpiler's parser gives it: an expression is an object with one member, its kind. */
export type Node = Readonly<Record<string, unknown>>;

/** What stands for an expression of a kind; undefined leaves it as it is. */
export type Mend = (payload: Node) => Node | undefined;

/** Mends by kind of expression. */
export type Mends = Readonly<Record<string, Mend>>;

/** Applies mends to a whole tree, from the leaves up. */
export function rewrite<T>(tree: T, mends: Mends): T {
  return rewritten(tree, mends) as T;
}

function rewritten(tree: unknown, mends: Mends): unknown {
  if (Array.isArray(tree)) return tree.map((each) => rewritten(each, mends));
  if (!isNode(tree)) return tree;
  const members = Object.entries(tree).map(([name, value]) => [name, rewritten(value, mends)] as const);
  const node = Object.fromEntries(members);
  const [kind, payload] = members.length === 1 && members[0] ? members[0] : [];
  const mend = kind === undefined || !Object.hasOwn(mends, kind) ? undefined : mends[kind];
  return (mend && isNode(payload) && mend(payload)) || node;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that is an object, where there is one. */
export function member(node: Node, name: string): Node | undefined {
  const value = node[name];
  return isNode(value) ? value : undefined;
}

/** A member that is a list of objects; empty where there is none. */
export function members(node: Node, name: string): readonly Node[] {
  const value = node[name];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** Whether a part of the tree is as asked. */
export function holds(tree: unknown, test: (node: Node) => boolean): boolean {
  if (Array.isArray(tree)) return tree.some((each) => holds(each, test));
  return isNode(tree) && (test(tree) || Object.values(tree).some((each) => holds(each, test)));
}

export const identifier = (name: string): Node => ({ name, quoted: true });
export const column = (name: string): Node => ({ column: { name: identifier(name) } });
export const text = (value: string): Node => ({ literal: { literal_type: 'string', value } });
export const number = (value: number | string): Node => ({
  literal: { literal_type: 'number', value: String(value) },
});
export const aliased = (expression: Node, name: string): Node => ({
  alias: { this: expression, alias: identifier(name), alias_explicit_as: true },
});
export const call = (name: string, ...args: readonly Node[]): Node => ({
  function: { name, args, distinct: false },
});
/** @param type one of this project's names for types, see mend-types.ts, or a name both dialects know. */
export const cast = (expression: Node, type: string): Node => ({
  cast: { this: expression, to: { data_type: 'custom', name: type } },
});
export const array = (...expressions: readonly Node[]): Node => ({
  array_func: { expressions, bracket_notation: true, use_list_keyword: false },
});

/** A SELECT of these columns. */
export const select = (expressions: readonly Node[], rest: Node = {}): Node => ({
  select: { joins: [], lateral_views: [], distinct: false, locks: [], ...rest, expressions },
});
export const subquery = (query: Node, alias: string): Node => ({
  subquery: {
    this: query,
    alias: identifier(alias),
    column_aliases: [],
    alias_explicit_as: true,
    lateral: false,
    modifiers_inside: false,
    trailing_comments: [],
  },
});

/** The name of an identifier, or the unit that a bare word names, as written. */
export function wordOf(node: Node | undefined): string | undefined {
  const word = node && (member(node, 'var')?.this ?? member(member(node, 'column') ?? {}, 'name')?.name);
  return typeof word === 'string' ? word : undefined;
}

/** The value of a string or number literal. */
export function literalOf(node: Node | undefined): string | undefined {
  const value = node && member(node, 'literal')?.value;
  return value === undefined ? undefined : String(value);
}
