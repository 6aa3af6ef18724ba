import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { renderedFiles } from './rendered-files.ts';

/** `npm run render`: writes every file that is made from the topology. */
await rm(new URL('monitoring/files/', import.meta.url), { recursive: true, force: true });
for (const [path, content] of Object.entries(renderedFiles())) {
  const file = new URL(`../${path}`, import.meta.url);
  await mkdir(dirname(file.pathname), { recursive: true });
  await writeFile(file, content);
}
