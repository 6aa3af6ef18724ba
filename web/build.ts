import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import config from './vite.config.ts';

const USAGE = `Usage: npm run build:web -- [--out DIR]

Builds every page of web/ and the tracker as one file, ready for Firebase Hosting. Default DIR: dist/web.
`;
const TRACKER = fileURLToPath(new URL('tracker/global.ts', import.meta.url));

const { values } = parseArgs({
  options: { out: { type: 'string', default: 'dist/web' }, help: { type: 'boolean', short: 'h' } },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const outDir = resolve(values.out);
const common = { ...config, configFile: false, logLevel: 'warn' } as const;
await build({ ...common, build: { ...config.build, outDir } });
await build({
  ...common,
  build: {
    outDir,
    emptyOutDir: false,
    copyPublicDir: false,
    target: 'es2022',
    lib: { entry: TRACKER, formats: ['iife'], name: 'nextclick', fileName: () => 'tracker.js' },
  },
});
