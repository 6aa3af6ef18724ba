import { constraintContains } from '../constraint.ts';
import {
  bool,
  equal,
  identical,
  int,
  list,
  type RuleMap,
  type RuleValue,
  set,
  string,
} from '../rule-value.ts';
import { EvaluationError } from '../rules-error.ts';
import { fn, type Library } from './method.ts';
import { toText } from './numbers.ts';

type Items = readonly RuleValue[];
type Same = (a: RuleValue, b: RuleValue) => boolean;
const has = (items: Items, value: RuleValue, same: Same): boolean => items.some((item) => same(item, value));

/** https://firebase.google.com/docs/reference/rules/rules.List */
export const LIST_METHODS: Library = {
  size: fn([['list', 'vector']], ({ items }) => int(items.length)),
  concat: fn(['list', 'list'], (a, b) => list([...a.items, ...b.items])),
  hasAll: fn(['list', 'list'], (a, b) => bool(b.items.every((item) => has(a.items, item, identical)))),
  hasAny: fn(['list', 'list'], (a, b) => bool(b.items.some((item) => has(a.items, item, identical)))),
  /** Every item is one of those given, which need not all occur. */
  hasOnly: fn(['list', 'list'], (a, b) => bool(a.items.every((item) => has(b.items, item, identical)))),
  join: fn(['list', 'string'], (a, separator) => string(a.items.map(toText).join(separator.value))),
  removeAll: fn(['list', 'list'], (a, b) => list(a.items.filter((item) => !has(b.items, item, identical)))),
  toSet: fn(['list'], ({ items }) => set(items)),
};

const COLLECTION = ['list', 'set'] as const;

/** https://firebase.google.com/docs/reference/rules/rules.Set */
export const SET_METHODS: Library = {
  size: fn(['set'], ({ items }) => int(items.length)),
  difference: fn(['set', 'set'], (a, b) => set(a.items.filter((item) => !has(b.items, item, equal)))),
  intersection: fn(['set', 'set'], (a, b) => set(a.items.filter((item) => has(b.items, item, equal)))),
  union: fn(['set', 'set'], (a, b) => set([...a.items, ...b.items])),
  hasAll: fn(['set', COLLECTION], (a, b) => bool(b.items.every((item) => has(a.items, item, equal)))),
  hasAny: fn(['set', COLLECTION], (a, b) => bool(b.items.some((item) => has(a.items, item, equal)))),
  hasOnly: fn(['set', COLLECTION], (a, b) => bool(a.items.every((item) => has(b.items, item, equal)))),
};

/** An array of which a query asks what it contains. */
export const CONSTRAINT_METHODS: Library = {
  hasAny: fn(['constraint', 'list'], (field, { items }) => constraintContains(field, items)),
};

/** https://firebase.google.com/docs/reference/rules/rules.Map */
export const MAP_METHODS: Library = {
  size: fn(['map'], ({ fields }) => int(fields.size)),
  keys: fn(['map'], (value) => list(sortedKeys(value).map(string))),
  values: fn(['map'], ({ fields }) => list([...fields.values()])),
  /** The value at a key, or at a path of keys; else the default. */
  get: fn(['map', ['string', 'list'], 'any'], (value, key, otherwise) => {
    let here: RuleValue | undefined = value;
    for (const part of key.kind === 'list' ? key.items : [key]) {
      if (part.kind !== 'string') throw new EvaluationError('A path of keys consists of strings.');
      here = here?.kind === 'map' ? here.fields.get(part.value) : undefined;
    }
    return here ?? otherwise;
  }),
  diff: fn(['map', 'map'], (left, right) => ({ kind: 'map_diff', left, right })),
};

/** https://firebase.google.com/docs/reference/rules/rules.MapDiff */
export const DIFF_METHODS: Library = {
  addedKeys: fn(['map_diff'], ({ left, right }) => keysWhere(left, (key) => !right.fields.has(key))),
  removedKeys: fn(['map_diff'], ({ left, right }) => keysWhere(right, (key) => !left.fields.has(key))),
  changedKeys: fn(['map_diff'], ({ left, right }) => keysWhere(left, (key) => changed(left, right, key))),
  unchangedKeys: fn(['map_diff'], ({ left, right }) =>
    keysWhere(left, (key) => right.fields.has(key) && !changed(left, right, key)),
  ),
  affectedKeys: fn(['map_diff'], ({ left, right }) => {
    const keys = new Set([...left.fields.keys(), ...right.fields.keys()]);
    const affected = [...keys].filter(
      (key) => !left.fields.has(key) || !right.fields.has(key) || changed(left, right, key),
    );
    return set(affected.map(string));
  }),
};

function sortedKeys({ fields }: RuleMap): string[] {
  return [...fields.keys()].sort((a, b) => (a < b ? -1 : 1));
}

function keysWhere(map: RuleMap, holds: (key: string) => boolean): RuleValue {
  return set(sortedKeys(map).filter(holds).map(string));
}

/** Whether both have the key, with different values. */
function changed(left: RuleMap, right: RuleMap, key: string): boolean {
  const [a, b] = [left.fields.get(key), right.fields.get(key)];
  return a !== undefined && b !== undefined && !equal(a, b);
}
