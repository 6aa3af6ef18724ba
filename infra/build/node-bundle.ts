import type { BuildOptions } from 'esbuild';

/** CommonJS packages inside an ES module still ask for these. */
const BANNER = [
  "import { createRequire as nextclickRequire } from 'node:module';",
  "import { fileURLToPath as nextclickPath } from 'node:url';",
  'const require = nextclickRequire(import.meta.url);',
  'const __filename = nextclickPath(import.meta.url);',
  "const __dirname = nextclickPath(new URL('.', import.meta.url));",
].join('\n');

/** How esbuild makes one minified module for Node.js of everything a program imports, with its source map. */
export const NODE_BUNDLE = {
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
} as const satisfies BuildOptions;
