import { globSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const ROOT = fileURLToPath(new URL('.', import.meta.url));

/** Every folder of `web/` with an `index.html` is a page of the site, at `/<folder>/`. */
const PAGES = Object.fromEntries(
  globSync('*/index.html', { cwd: ROOT }).map((file) => [basename(dirname(file)), resolve(ROOT, file)]),
);

export default defineConfig({
  root: ROOT,
  appType: 'mpa',
  build: {
    outDir: resolve(ROOT, '../dist/web'),
    emptyOutDir: true,
    target: 'es2022',
    // The Firebase SDK, which comes in one piece once personal picks are allowed.
    chunkSizeWarningLimit: 600,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: PAGES },
  },
});
