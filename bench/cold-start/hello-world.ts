import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SOURCE = `const { http } = require('@google-cloud/functions-framework');
http('hello', (request, response) => response.status(200).send('hello world'));
`;

/** Writes the least function there is, as a bundle's folder; answers where. By its suffix functions-framework knows it for CommonJS, as ours. */
export async function writeHelloWorld(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nextclick-hello-'));
  const manifest = {
    name: 'hello',
    main: 'index.cjs',
    dependencies: { '@google-cloud/functions-framework': '*' },
  };
  await writeFile(join(folder, 'index.cjs'), SOURCE);
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
