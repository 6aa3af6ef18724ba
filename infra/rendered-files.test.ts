import { readdir, readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { renderedFiles } from './rendered-files.ts';

const files = renderedFiles();

it.each(Object.keys(files))('%s is what the topology says', async (path) => {
  const written = await readFile(path, 'utf8').catch(() => '');
  expect(written, `${path} is old: run npm run render`).toBe(files[path]);
});

it('leaves no file behind that nothing renders', async () => {
  const folder = 'infra/monitoring/files';
  const names = await readdir(folder, { recursive: true, withFileTypes: true });
  const found = names.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
  expect(found.filter((path) => !(path in files))).toEqual([]);
});
