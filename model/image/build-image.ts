import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Where the image's folder is written unless told otherwise. */
export const IMAGE_FOLDER = join(ROOT, 'dist', 'model');

/** CommonJS packages inside an ES module still ask for these. */
const BANNER = [
  "import { createRequire as nextclickRequire } from 'node:module';",
  "import { fileURLToPath as nextclickPath } from 'node:url';",
  'const require = nextclickRequire(import.meta.url);',
  'const __filename = nextclickPath(import.meta.url);',
  "const __dirname = nextclickPath(new URL('.', import.meta.url));",
].join('\n');

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
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    banner: { js: BANNER },
    logLevel: 'warning',
    logOverride: { 'direct-eval': 'silent' },
  });
  await copyFile(join(ROOT, 'model', 'Dockerfile'), join(folder, 'Dockerfile'));
  return (await stat(outfile)).size;
}
