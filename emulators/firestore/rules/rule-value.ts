import type { Bound } from './constraint.ts';
import { EvaluationError } from './rules-error.ts';

/** What an expression of the rules language is worth: https://firebase.google.com/docs/reference/rules/rules */
export type RuleValue =
  | { readonly kind: 'null' }
  | { readonly kind: 'bool'; readonly value: boolean }
  /** 64 bits, signed. */
  | { readonly kind: 'int'; readonly value: bigint }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bytes'; readonly value: Uint8Array }
  | { readonly kind: 'list'; readonly items: readonly RuleValue[] }
  | { readonly kind: 'set'; readonly items: readonly RuleValue[] }
  | { readonly kind: 'vector'; readonly items: readonly RuleValue[] }
  | { readonly kind: 'map'; readonly fields: ReadonlyMap<string, RuleValue> }
  | { readonly kind: 'map_diff'; readonly left: RuleMap; readonly right: RuleMap }
  /** Nanoseconds since 1970. */
  | { readonly kind: 'timestamp'; readonly nanos: bigint }
  | { readonly kind: 'duration'; readonly nanos: bigint }
  | { readonly kind: 'latlng'; readonly latitude: number; readonly longitude: number }
  | { readonly kind: 'path'; readonly segments: readonly string[] }
  /** A field of which a query tells something, but not the value. */
  | { readonly kind: 'constraint'; readonly bounds: readonly Bound[] };

export type Kind = RuleValue['kind'];
type ByKind = { readonly [V in RuleValue as V['kind']]: V };
export type ValueOf<K extends Kind> = ByKind[K];
export type RuleMap = ValueOf<'map'>;

export const NULL: RuleValue = { kind: 'null' };
export const bool = (value: boolean): RuleValue => ({ kind: 'bool', value });
export const float = (value: number): RuleValue => ({ kind: 'float', value });
export const string = (value: string): RuleValue => ({ kind: 'string', value });
export const bytes = (value: Uint8Array): RuleValue => ({ kind: 'bytes', value });
export const list = (items: readonly RuleValue[]): RuleValue => ({ kind: 'list', items });
export const path = (segments: readonly string[]): RuleValue => ({ kind: 'path', segments });
export const duration = (nanos: bigint): RuleValue => ({ kind: 'duration', nanos });
export const timestamp = (nanos: bigint): RuleValue => ({ kind: 'timestamp', nanos });
export const map = (entries: Iterable<readonly [string, RuleValue]>): RuleMap => ({
  kind: 'map',
  fields: new Map(entries),
});

const INT_MAX = 2n ** 63n - 1n;

/** @throws EvaluationError beyond 64 bits */
export function int(value: bigint | number): RuleValue {
  const whole = BigInt(value);
  if (whole > INT_MAX || whole < -INT_MAX - 1n)
    throw new EvaluationError('Integer value is out of the 64-bit range.');
  return { kind: 'int', value: whole };
}

/** A set of what is given; the first of equal items is kept. */
export function set(items: Iterable<RuleValue>): ValueOf<'set'> {
  const kept: RuleValue[] = [];
  for (const item of items) if (!kept.some((other) => equal(item, other))) kept.push(item);
  return { kind: 'set', items: kept };
}

/** `==` of the language: numbers by their value, whatever their kind. */
export function equal(a: RuleValue, b: RuleValue): boolean {
  if ((a.kind === 'int' || a.kind === 'float') && (b.kind === 'int' || b.kind === 'float')) {
    // biome-ignore lint/suspicious/noDoubleEquals: exact between bigint and number
    return a.value == b.value;
  }
  return identical(a, b);
}

/** Equality of what is inside lists and maps, where 1 and 1.0 differ. */
export function identical(a: RuleValue, b: RuleValue): boolean {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'null':
      return true;
    case 'bool':
    case 'int':
    case 'float':
    case 'string':
      return a.value === (b as typeof a).value;
    case 'bytes':
      return Buffer.compare(a.value, (b as typeof a).value) === 0;
    case 'list':
    case 'vector': {
      const { items } = b as typeof a;
      return a.items.length === items.length && a.items.every((item, i) => identical(item, items[i] ?? NULL));
    }
    case 'set': {
      const { items } = b as typeof a;
      return (
        a.items.length === items.length && a.items.every((item) => items.some((other) => equal(item, other)))
      );
    }
    case 'map':
      return sameFields(a, b as RuleMap);
    case 'timestamp':
    case 'duration':
      return a.nanos === (b as typeof a).nanos;
    case 'latlng':
      return a.latitude === (b as typeof a).latitude && a.longitude === (b as typeof a).longitude;
    case 'path': {
      const { segments } = b as typeof a;
      return a.segments.length === segments.length && a.segments.every((text, i) => text === segments[i]);
    }
    case 'map_diff':
    case 'constraint':
      return false;
  }
}

function sameFields(a: RuleMap, b: RuleMap): boolean {
  if (a.fields.size !== b.fields.size) return false;
  return [...a.fields].every(([key, value]) => {
    const other = b.fields.get(key);
    return other !== undefined && identical(value, other);
  });
}
