import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { EnrichSettings } from '../../functions/enrich/settings.ts';

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/**
 * The UDF as one script that defines `transform` and needs nothing but the language (ECMAScript 2018). The settings are in it,
 * the key of the pseudonyms too: keep it in a bucket that only the job's account reads.
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
    minify: true,
    define: { UDF_SETTINGS: JSON.stringify(settings) },
    alias: { 'node:crypto': here('crypto.ts') },
    footer: { js: 'function transform(message){return nextclick.transform(message)}' },
    logLevel: 'warning',
  });
  return outputFiles[0]?.text ?? '';
}
