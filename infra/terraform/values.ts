/** A reference to another resource's attribute, in Terraform's own syntax. */
export const ref = (expression: string): string => `\${${expression}}`;

/** A name in Terraform's language: letters, digits and underscores. */
export const label = (...parts: readonly string[]): string => parts.join('_').replace(/[^A-Za-z0-9_]/g, '_');

/** Resources by type and label, as Terraform's JSON syntax has them. */
export type Resources = Readonly<Record<string, Readonly<Record<string, object>>>>;

/** One document of several parts of it. */
export function merged(...parts: readonly Resources[]): Resources {
  const all: Record<string, Record<string, object>> = {};
  for (const part of parts) {
    for (const [type, instances] of Object.entries(part)) all[type] = { ...all[type], ...instances };
  }
  return all;
}

/** Instances by label. */
export function byLabel<T>(
  list: readonly T[],
  labelOf: (item: T) => string,
  make: (item: T) => object,
): Readonly<Record<string, object>> {
  return Object.fromEntries(list.map((item) => [labelOf(item), make(item)]));
}
