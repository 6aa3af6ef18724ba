import { isNamePath } from '../field-paths.ts';
import type { FieldPath, Filter, Query } from '../query.ts';
import { isNaNValue, type Value } from '../values.ts';
import type { Bound } from './constraint.ts';
import { resourceMap, rulePath, ruleValueOf } from './document-values.ts';
import { ANY_MANY, ANY_ONE, type PathSegment } from './matching.ts';
import { float, map, NULL, type RuleMap, type RuleValue } from './rule-value.ts';
import { EvaluationError } from './rules-error.ts';

/** Results that a query may have, as far as its filters tell: what rules are asked about before it runs. */
export interface QueryResource {
  readonly path: readonly PathSegment[];
  readonly resource: RuleMap;
}

type Atom = Exclude<Filter, { kind: 'composite' }>;
type Known = { readonly field: FieldPath; exact?: RuleValue; readonly bounds: Bound[] };

const MOST_DISJUNCTS = 30;

/**
 * The results of a query, one for each alternative of its filters: rules must hold for all of them, whatever is stored.
 * https://firebase.google.com/docs/firestore/security/rules-query
 * @throws EvaluationError beyond the number of alternatives that Firestore takes
 */
export function queryResources(query: Query): readonly QueryResource[] {
  const alternatives = query.where ? alternativesOf(query.where) : [[]];
  return alternatives.map((atoms) => resourceWhere(query, atoms));
}

/** The path of the collection, as far as it is one. */
export function collectionPath({ parent, collectionId }: Query): readonly string[] {
  return [...rulePath(parent), ...(collectionId === undefined ? [] : [collectionId])];
}

function resourceWhere(query: Query, atoms: readonly Atom[]): QueryResource {
  const known = new Map<string, Known>();
  let name: string | undefined;
  for (const atom of atoms) {
    if (!isNamePath(atom.field)) learn(known, atom);
    else if (atom.kind === 'field' && atom.op === 'EQUAL' && atom.value.kind === 'reference')
      name = atom.value.name;
  }
  const data = dataOf([...known.values()]);
  if (name !== undefined) return { path: rulePath(name), resource: resourceMap(rulePath(name), data) };
  return { path: unknownPath(query), resource: map([['data', data]]) };
}

function unknownPath({ parent, collectionId, allDescendants }: Query): readonly PathSegment[] {
  const above: readonly PathSegment[] = allDescendants ? [...rulePath(parent), ANY_MANY] : rulePath(parent);
  return [...above, collectionId ?? ANY_ONE, ANY_ONE];
}

/** The filter as alternatives of which each is a list of conditions. */
function alternativesOf(filter: Filter): readonly (readonly Atom[])[] {
  if (filter.kind === 'unary') return [[filter]];
  if (filter.kind === 'composite') {
    const parts = filter.filters.map(alternativesOf);
    if (filter.op === 'OR') return bounded(parts.flat());
    return parts.reduce(
      (whole, part) => bounded(whole.flatMap((left) => part.map((right) => [...left, ...right]))),
      [[]],
    );
  }
  const { op, value } = filter;
  if ((op !== 'IN' && op !== 'ARRAY_CONTAINS_ANY') || value.kind !== 'array') return [[filter]];
  const each = op === 'IN' ? 'EQUAL' : 'ARRAY_CONTAINS';
  return bounded(value.values.map((one) => [{ ...filter, op: each, value: one }]));
}

function bounded<T>(alternatives: readonly T[]): readonly T[] {
  if (alternatives.length <= MOST_DISJUNCTS) return alternatives;
  throw new EvaluationError(`The query's filters have more than ${MOST_DISJUNCTS} alternatives.`);
}

const BOUNDS = {
  LESS_THAN: '<',
  LESS_THAN_OR_EQUAL: '<=',
  GREATER_THAN: '>',
  GREATER_THAN_OR_EQUAL: '>=',
  NOT_EQUAL: '!=',
  ARRAY_CONTAINS: 'contains',
} as const;

function learn(known: Map<string, Known>, atom: Atom): void {
  const key = JSON.stringify(atom.field);
  const here = known.get(key) ?? { field: atom.field, bounds: [] };
  known.set(key, here);
  if (atom.kind === 'unary') {
    const value = atom.op.endsWith('NAN') ? float(Number.NaN) : NULL;
    if (atom.op.startsWith('IS_NOT')) here.bounds.push({ op: '!=', value });
    else here.exact = value;
  } else if (atom.op === 'EQUAL') {
    here.exact = isNaNValue(atom.value) ? float(Number.NaN) : ruleValueOf(atom.value);
  } else {
    here.bounds.push(...boundsOf(atom.op, atom.value));
  }
}

function boundsOf(
  op: Exclude<Extract<Atom, { kind: 'field' }>['op'], 'EQUAL'>,
  value: Value,
): readonly Bound[] {
  if (op === 'NOT_IN') {
    return value.kind === 'array' ? value.values.map((one) => ({ op: '!=', value: ruleValueOf(one) })) : [];
  }
  if (op === 'IN' || op === 'ARRAY_CONTAINS_ANY') return [];
  return [{ op: BOUNDS[op], value: ruleValueOf(value) }];
}

/** Fields at their paths; what is below a field known as a whole adds nothing. */
function dataOf(known: readonly Known[]): RuleMap {
  let data: RuleMap = map([]);
  const outermostFirst = [...known].sort((a, b) => a.field.length - b.field.length);
  for (const { field, exact, bounds } of outermostFirst) {
    data = withKnown(data, field, exact ?? { kind: 'constraint', bounds });
  }
  return data;
}

function withKnown(data: RuleMap, [first, ...rest]: FieldPath, value: RuleValue): RuleMap {
  if (first === undefined) return data;
  const here = data.fields.get(first);
  if (rest.length > 0 && here && here.kind !== 'map') return data;
  const inner = rest.length === 0 ? value : withKnown(here?.kind === 'map' ? here : map([]), rest, value);
  return map([...data.fields, [first, inner]]);
}
