import type { BuildOptions } from 'esbuild';

/** How esbuild makes one minified file for Node.js of everything a program imports, with its source map. */
const NODE = {
  bundle: true,
  platform: 'node',
  target: 'node24',
  minify: true,
  keepNames: true,
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
  logOverride: { 'direct-eval': 'silent' },
} as const satisfies BuildOptions;

/** CommonJS packages inside an ES module still ask for these. */
const REQUIRE = [
  "import { createRequire as nextclickRequire } from 'node:module';",
  "import { fileURLToPath as nextclickPath } from 'node:url';",
  'const require = nextclickRequire(import.meta.url);',
  'const __filename = nextclickPath(import.meta.url);',
  "const __dirname = nextclickPath(new URL('.', import.meta.url));",
].join('\n');

/** An ES module of a program. */
export const ES_MODULE = { ...NODE, format: 'esm', banner: { js: REQUIRE } } as const satisfies BuildOptions;

/**
 * A CommonJS module of a program: it starts sooner. An ES module that imports a part of Node.js has every export of that part
 * looked at, and `node:http` then loads Node's client of HTTP, its WebSockets included.
 */
export const COMMONJS = {
  ...NODE,
  format: 'cjs',
  // Strict, as the modules are that it is made of: what esbuild writes of that would come after this line, where it says nothing.
  banner: { js: "'use strict';const nextclickUrl = require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'nextclickUrl' },
} as const satisfies BuildOptions;
