import { projectOf } from '../names.ts';

interface Named {
  readonly name: string;
}

/** Sorts by name, as lists are answered. */
export function byName(a: Named, b: Named): number {
  return a.name < b.name ? -1 : 1;
}

/** What of a list is a project's, in order of name. */
export function inProject<T extends Named>(list: readonly T[], project: string): readonly T[] {
  return list.filter(({ name }) => projectOf(name) === project).sort(byName);
}
