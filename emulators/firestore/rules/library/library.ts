import type { Kind } from '../rule-value.ts';
import { CONSTRAINT_METHODS, DIFF_METHODS, LIST_METHODS, MAP_METHODS, SET_METHODS } from './collections.ts';
import type { Library, RuleFunction } from './method.ts';
import { CONVERSIONS, MATH_FUNCTIONS } from './numbers.ts';
import { LATLNG_METHODS, MAKING_FUNCTIONS, PATH_METHODS } from './places.ts';
import { BYTES_METHODS, STRING_METHODS } from './text.ts';
import { DURATION_METHODS, TIME_FUNCTIONS, TIMESTAMP_METHODS } from './time.ts';

/** Functions by their names, with the package's: `string`, `math.abs`. */
const FUNCTIONS = mapOf({ ...CONVERSIONS, ...MATH_FUNCTIONS, ...TIME_FUNCTIONS, ...MAKING_FUNCTIONS });

const METHODS: ReadonlyMap<Kind, ReadonlyMap<string, RuleFunction>> = new Map([
  ['string', mapOf(STRING_METHODS)],
  ['bytes', mapOf(BYTES_METHODS)],
  ['list', mapOf(LIST_METHODS)],
  ['vector', new Map([...mapOf(LIST_METHODS)].filter(([name]) => name === 'size'))],
  ['set', mapOf(SET_METHODS)],
  ['map', mapOf(MAP_METHODS)],
  ['map_diff', mapOf(DIFF_METHODS)],
  ['constraint', mapOf(CONSTRAINT_METHODS)],
  ['timestamp', mapOf(TIMESTAMP_METHODS)],
  ['duration', mapOf(DURATION_METHODS)],
  ['latlng', mapOf(LATLNG_METHODS)],
  ['path', mapOf(PATH_METHODS)],
]);

export function functionOf(name: string): RuleFunction | undefined {
  return FUNCTIONS.get(name);
}

/** A method of values of a kind; its first argument is the value. */
export function methodOf(kind: Kind, name: string): RuleFunction | undefined {
  return METHODS.get(kind)?.get(name);
}

/** The methods of that name, of whatever kind of value. */
export function methodsNamed(name: string): readonly RuleFunction[] {
  return [...METHODS.values()].flatMap((methods) => methods.get(name) ?? []);
}

function mapOf(library: Library): ReadonlyMap<string, RuleFunction> {
  return new Map(Object.entries(library));
}
