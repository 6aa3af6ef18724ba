import { readFile } from 'node:fs/promises';

/** The GoogleSQL of `training/*.sql`; each says at its head which parameters it takes. */
export type TrainingQuery = 'sessions' | 'visitors';

/**
 * Reads a query and fills in what cannot be a parameter: `${project}`, `${dataset}` and the names given.
 * @throws Error where a name in the file is not given
 */
export async function trainingQuery(
  name: TrainingQuery,
  names: Readonly<Record<string, string | number>>,
): Promise<string> {
  const template = await readFile(new URL(`./training/${name}.sql`, import.meta.url), 'utf8');
  return template.replace(/\$\{(\w+)\}/g, (_whole, key: string) => {
    const value = names[key];
    if (value === undefined) throw new Error(`training/${name}.sql needs a value for \${${key}}`);
    return String(value);
  });
}
