import type { Document } from '../backend.ts';
import { type Value, vectorOf } from '../values.ts';
import {
  bool,
  bytes,
  float,
  int,
  list,
  map,
  NULL,
  path,
  type RuleMap,
  type RuleValue,
  string,
  timestamp,
} from './rule-value.ts';

/** A stored value, as rules see it. */
export function ruleValueOf(value: Value): RuleValue {
  switch (value.kind) {
    case 'null':
      return NULL;
    case 'boolean':
      return bool(value.value);
    case 'integer':
      return int(value.value);
    case 'double':
      return float(value.value);
    case 'timestamp':
      return timestamp(value.micros * 1000n);
    case 'string':
      return string(value.value);
    case 'bytes':
      return bytes(value.value);
    case 'reference':
      return path(rulePath(value.name));
    case 'geoPoint':
      return { kind: 'latlng', latitude: value.latitude, longitude: value.longitude };
    case 'array':
      return list(value.values.map(ruleValueOf));
    case 'map': {
      const vector = vectorOf(value);
      if (vector) return { kind: 'vector', items: vector.map(ruleValueOf) };
      return map([...value.fields].map(([key, field]) => [key, ruleValueOf(field)]));
    }
  }
}

/** `resource`, and what `get` answers: https://firebase.google.com/docs/reference/rules/rules.firestore.Resource */
export function resourceOf(document: Document | undefined): RuleValue {
  if (!document) return NULL;
  const data = [...document.fields].map(([key, value]) => [key, ruleValueOf(value)] as const);
  return resourceMap(rulePath(document.name), map(data));
}

/** @param segments of the document's path */
export function resourceMap(segments: readonly string[], data: RuleMap): RuleMap {
  return map([
    ['__name__', path(segments)],
    ['data', data],
    ['id', string(segments.at(-1) ?? '')],
  ]);
}

/** The path of a full name: `projects/P/databases/D/documents/c/d` is `/databases/D/documents/c/d` in rules. */
export function rulePath(name: string): readonly string[] {
  return name.split('/').slice(2);
}
