import { readdir, readFile } from 'node:fs/promises';

/** A view of the warehouse. */
export interface View {
  readonly name: string;
  /** GoogleSQL. */
  readonly query: string;
}

const FILES = new URL('./views/', import.meta.url);

/**
 * The views of `views/*.sql`, with `${project}` and `${dataset}` filled in, each after those that it reads: BigQuery
 * makes no view of what does not exist.
 * @throws Error where views read each other in a circle
 */
export async function readViews(project: string, dataset: string): Promise<readonly View[]> {
  const files = (await readdir(FILES)).filter((file) => file.endsWith('.sql')).sort();
  const views = await Promise.all(
    files.map(async (file) => {
      const template = await readFile(new URL(file, FILES), 'utf8');
      const query = template.replace(/\$\{project\}/g, project).replace(/\$\{dataset\}/g, dataset);
      return { name: file.replace(/\.sql$/, ''), query };
    }),
  );
  return inOrder(views, (view) => views.filter(({ name }) => view.query.includes(`.${dataset}.${name}\``)));
}

/** Each after what it needs, otherwise in the order given. */
function inOrder(views: readonly View[], needs: (view: View) => readonly View[]): readonly View[] {
  const placed = new Set<View>();
  while (placed.size < views.length) {
    const next = views.find((view) => !placed.has(view) && needs(view).every((each) => placed.has(each)));
    if (!next) {
      const names = views.filter((view) => !placed.has(view)).map(({ name }) => name);
      throw new Error(`views read each other in a circle: ${names.join(', ')}`);
    }
    placed.add(next);
  }
  return [...placed];
}
