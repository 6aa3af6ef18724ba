/** Any value JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Any object of JSON from outside. */
export type Fields = Readonly<Record<string, unknown>>;

/** The value as an object's fields; undefined for anything else. */
export function fieldsOf(value: unknown): Fields | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : undefined;
}

/**
 * JSON with object keys in sorted order, so that equal values have equal text (the idea of RFC 8785,
 * with JavaScript's own number and string forms). What nests deeper than `levels` becomes the text "…", so that
 * hostile depth cannot exhaust the stack.
 */
export function canonicalJson(value: unknown, levels = 100): string {
  if (value !== null && typeof value === 'object' && levels === 0) return '"…"';
  if (Array.isArray(value)) {
    return `[${value.map((item) => canonicalJson(item ?? null, levels - 1)).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item, levels - 1)}`);
    return `{${entries.join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

/** Levels of nesting in a parsed JSON value: 0 for a scalar, 1 for a flat object. Stops counting beyond `limit`. */
export function jsonDepth(value: unknown, limit = 64): number {
  if (value === null || typeof value !== 'object') return 0;
  if (limit <= 0) return 1;
  let deepest = 0;
  // Object.values would make a list of each object, and for…in a text of each index of an array.
  if (Array.isArray(value)) {
    for (const item of value) deepest = Math.max(deepest, jsonDepth(item, limit - 1));
  } else {
    for (const key in value) {
      deepest = Math.max(deepest, jsonDepth((value as Readonly<Record<string, unknown>>)[key], limit - 1));
    }
  }
  return deepest + 1;
}
