import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const FOLDER = '.github/workflows';
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly scripts: object };

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly 'timeout-minutes': number; readonly steps: readonly { readonly run?: string }[] }
    >
  >;
}

it.each(readdirSync(FOLDER))('%s runs what there is, with the least rights, and ends', (file) => {
  const { jobs, permissions } = parse(readFileSync(`${FOLDER}/${file}`, 'utf8')) as Workflow;
  expect(permissions).toMatchObject({ contents: 'read' });
  for (const job of Object.values(jobs)) {
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    const named = job.steps.flatMap(({ run = '' }) =>
      [...run.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name),
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  }
});
