import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import type { EnrichSettings } from '../../functions/enrich/settings.ts';

/** The part of @babel/standalone that is used; it comes without types. */
interface Babel {
  transform(code: string, options: object): { readonly code?: string | null };
}

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/**
 * The UDF as one script of ECMAScript 5 that defines `transform` and needs nothing but the language. The settings are in it,
 * the key of the pseudonyms too: keep it in a bucket that only the job's account reads.
 *
 * esbuild makes one file and minifies, Babel makes it ECMAScript 5: esbuild has no classes, generators or Unicode
 * properties for engines without.
 */
export async function bundleUdf(settings: EnrichSettings): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [here('udf.ts')],
    bundle: true,
    write: false,
    platform: 'neutral',
    mainFields: ['module', 'main'],
    format: 'iife',
    globalName: 'nextclick',
    target: 'es2018',
    define: { UDF_SETTINGS: JSON.stringify(settings) },
    alias: { 'node:crypto': here('crypto.ts') },
    footer: { js: 'function transform(message){return nextclick.transform(message)}' },
    logLevel: 'warning',
  });
  const babel = createRequire(import.meta.url)('@babel/standalone') as Babel;
  const { code } = babel.transform(outputFiles[0]?.text ?? '', {
    sourceType: 'script',
    compact: false,
    babelrc: false,
    configFile: false,
    presets: [['env', { targets: { ie: '9' }, modules: false }]],
  });
  return (await transform(code ?? '', { target: 'es5', minify: true })).code;
}
