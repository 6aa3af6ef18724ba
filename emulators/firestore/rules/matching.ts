import type { Binding } from './frame.ts';
import { path, string } from './rule-value.ts';
import type { PatternSegment } from './syntax.ts';

/** In the path of a query: any one id. */
export const ANY_ONE = Symbol('any one');
/** In the path of a query over a collection group: any number of segments. */
export const ANY_MANY = Symbol('any many');

/** A segment of the path that a request is about. */
export type PathSegment = string | typeof ANY_ONE | typeof ANY_MANY;

/** What the wildcards of a pattern stand for, and the segments after those it took. */
export interface PatternMatch {
  readonly bindings: ReadonlyMap<string, Binding>;
  readonly remaining: readonly PathSegment[];
}

/**
 * Each way in which a pattern takes the first of the segments. What is unknown in a query's path is taken by wildcards
 * only, so that rules which hold are sure to hold for each result.
 * @param leastRest how many segments `{name=**}` takes at least: 1 in rules_version 1, 0 in 2
 */
export function* matchesOf(
  pattern: readonly PatternSegment[],
  segments: readonly PathSegment[],
  leastRest: 0 | 1,
): Generator<PatternMatch> {
  const [first, ...others] = pattern;
  if (!first) {
    yield { bindings: new Map(), remaining: segments };
    return;
  }
  const most = first.kind === 'rest' ? segments.length : 1;
  for (let count = first.kind === 'rest' ? leastRest : 1; count <= most; count++) {
    const taken = segments.slice(0, count);
    if (taken.length < count || !takes(first, taken)) continue;
    for (const match of matchesOf(others, segments.slice(count), leastRest)) {
      if (first.kind === 'text') yield match;
      else yield { ...match, bindings: new Map([[first.name, binding(first, taken)], ...match.bindings]) };
    }
  }
}

function takes(pattern: PatternSegment, [segment]: readonly PathSegment[]): boolean {
  if (pattern.kind === 'text') return segment === pattern.text;
  return pattern.kind === 'rest' || segment !== ANY_MANY;
}

function binding({ kind }: PatternSegment, taken: readonly PathSegment[]): Binding {
  const known = taken.filter((segment) => typeof segment === 'string');
  if (known.length < taken.length) return () => undefined;
  const value = kind === 'rest' ? path(known) : string(known[0] ?? '');
  return () => value;
}
