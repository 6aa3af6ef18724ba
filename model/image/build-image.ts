import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { ES_MODULE } from '../../infra/build/node-bundle.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where the image's folder is written unless told otherwise. */
export const IMAGE_FOLDER = join(ROOT, 'dist', 'model');

/**
 * Writes anew the folder that the model server's image is built from: the Dockerfile, and the server with all it needs
 * in one file. Throws esbuild's error, which names file and line.
 * @returns bytes of the server without its source map
 */
export async function buildImageFolder(folder = IMAGE_FOLDER): Promise<number> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, 'server.mjs');
  await build({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, 'model', 'server.ts')],
    outfile,
    ...ES_MODULE,
  });
  await copyFile(join(ROOT, 'model', 'Dockerfile'), join(folder, 'Dockerfile'));
  return (await stat(outfile)).size;
}
