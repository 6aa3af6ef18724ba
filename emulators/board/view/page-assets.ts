import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page's files by path. */
export interface Assets {
  readonly '/': string;
  readonly '/page.js': string;
  readonly '/page.css': string;
}

const PAGE = new URL('../../../web/pipeline/', import.meta.url);

/** Bundles the page of `web/pipeline` when it is first asked for; what is bundled stays. */
export function makeAssets(): () => Promise<Assets> {
  let bundled: Promise<Assets> | undefined;
  return () => {
    bundled ??= bundle();
    bundled.catch(() => {
      bundled = undefined;
    });
    return bundled;
  };
}

async function bundle(): Promise<Assets> {
  const { outputFiles } = await build({
    entryPoints: { page: fileURLToPath(new URL('main.ts', PAGE)) },
    bundle: true,
    write: false,
    outdir: 'out',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    minify: true,
    sourcemap: 'inline',
    logLevel: 'silent',
  });
  const text = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return {
    '/': await readFile(new URL('page.html', PAGE), 'utf8'),
    '/page.js': text('.js'),
    '/page.css': text('.css'),
  };
}
