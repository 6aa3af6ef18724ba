import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { runCommand } from '../shared/command-line.ts';
import config from './vite.config.ts';

const USAGE = `Usage: npm run build:web -- [--out DIR]

Builds every page of web/, the tracker and the worker for push messages as one file each, ready for Firebase Hosting. Default DIR: dist/web.
`;
const TRACKER = fileURLToPath(new URL('tracker/global.ts', import.meta.url));
/** Firebase's SDK looks for it under this name. */
const PUSH_WORKER = fileURLToPath(new URL('push/service-worker.ts', import.meta.url));

await runCommand({
  call: 'npm run build:web',
  usage: USAGE,
  options: { out: { type: 'string', default: 'dist/web' } },
  run: async (values) => {
    const outDir = resolve(values.out);
    const common = { ...config, configFile: false, logLevel: 'warn' } as const;
    await build({ ...common, build: { ...config.build, outDir } });
    /** A file of its own, which pages name. */
    const buildFile = (entry: string, fileName: string, name: string) =>
      build({
        ...common,
        build: {
          outDir,
          emptyOutDir: false,
          copyPublicDir: false,
          target: 'es2022',
          lib: { entry, formats: ['iife'], name, fileName: () => fileName },
        },
      });
    await buildFile(TRACKER, 'tracker.js', 'nextclick');
    await buildFile(PUSH_WORKER, 'firebase-messaging-sw.js', 'push');
  },
});
