import { readFile } from 'node:fs/promises';

/** The GoogleSQL of `training/*.sql`; each says at its head which parameters it takes. */
export type TrainingQuery = 'sessions' | 'items' | 'countries' | 'visitors';

/**
 * Reads a query and fills in what cannot be a parameter: `${project}`, `${dataset}`, the names given, and for `${human}`
 * the expressions of human.sql.
 * @throws Error where a name in the file is not given
 */
export async function trainingQuery(
  name: TrainingQuery,
  names: Readonly<Record<string, string | number>>,
): Promise<string> {
  const [template, fragment] = await Promise.all([read(name), read('human')]);
  const [, human = ''] = fragment.split('-- begin\n');
  return fill(name, template, { ...names, human: fill('human', human.trim(), names) });
}

function fill(name: string, template: string, names: Readonly<Record<string, string | number>>): string {
  return template.replace(/\$\{(\w+)\}/g, (_whole, key: string) => {
    const value = names[key];
    if (value === undefined) throw new Error(`training/${name}.sql needs a value for \${${key}}`);
    return String(value);
  });
}

function read(name: string): Promise<string> {
  return readFile(new URL(`./training/${name}.sql`, import.meta.url), 'utf8');
}
