import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { FunctionSpec } from '../../shared/pipeline.ts';
import { leanClients } from './lean-clients.ts';
import { type Lockfile, pruneLockfile } from './lockfile.ts';
import { COMMONJS } from './node-bundle.ts';
import { oneLocale } from './one-locale.ts';
import { withPrunedProtos } from './pruned-protos.ts';
import { withoutStaticProtos } from './static-protos.ts';
import { withoutUnusedModules } from './unused-modules.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START = fileURLToPath(new URL('compiled-start.cjs', import.meta.url));

/** What starts a function: by its suffix functions-framework knows it for CommonJS, and looks for no package.json. */
const ENTRY = 'index.cjs';
/** The function itself, and all that it imports. */
const CODE = 'function.cjs';

/** What stays outside a bundle: it finds functions by module identity. */
const FRAMEWORK = '@google-cloud/functions-framework';

/** Folders that a module reads at run time from beside itself; they go with the bundles that hold the module. */
const READ_BESIDE: Readonly<Record<string, string>> = {
  'functions/load/sources.ts': 'functions/load/sources',
  'infra/bigquery/training-queries.ts': 'infra/bigquery/training',
};

/** A bundle that was written. */
export interface Bundle {
  readonly name: string;
  /** Of function.cjs alone. */
  readonly bytes: number;
  readonly mapBytes: number;
  /** Packages, with versions, that its package.json asks for. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Where a function's bundle is. */
export function bundleFolder(name: string): string {
  return join(ROOT, 'dist', name);
}

/**
 * Writes `dist/<function>/` anew: function.cjs, minified, with its source map; index.cjs, which starts it
 * (compiled-start.cjs); the package.json and package-lock.json of what stays outside; what it reads at run time; nothing
 * else. Throws esbuild's error, which names file and line.
 */
export async function buildBundle(spec: FunctionSpec): Promise<Bundle> {
  const folder = bundleFolder(spec.name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, CODE);
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, 'functions', spec.source, 'index.ts')],
    outfile,
    ...COMMONJS,
    metafile: true,
    external: [FRAMEWORK, `${FRAMEWORK}/*`],
    // Asked for by import and by require, it would be in the bundle twice.
    alias: { 'html-entities': join(ROOT, 'node_modules/html-entities/dist/commonjs/index.js') },
    plugins: [leanClients, withoutStaticProtos, withPrunedProtos, withoutUnusedModules, oneLocale],
  });
  await cp(START, join(folder, ENTRY));
  for (const [module, beside] of Object.entries(READ_BESIDE)) {
    if (!(module in metafile.inputs)) continue;
    await cp(join(ROOT, beside), join(folder, basename(beside)), { recursive: true });
  }
  const outside = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter((imported) => imported.external && !isBuiltin(imported.path))
    .map(({ path }) => (path.startsWith(`${FRAMEWORK}/`) ? FRAMEWORK : path));
  const lockfile = await readJson<Lockfile>('package-lock.json');
  const manifest = await makeManifest(spec.name, [FRAMEWORK, ...outside], lockfile);
  await writeJson(join(folder, 'package.json'), manifest);
  await writeJson(join(folder, 'package-lock.json'), pruneLockfile(lockfile, manifest));
  return {
    name: spec.name,
    bytes: (await stat(outfile)).size,
    mapBytes: (await stat(`${outfile}.map`)).size,
    dependencies: manifest.dependencies,
  };
}

async function makeManifest(name: string, outside: readonly string[], lockfile: Lockfile) {
  const { version } = await readJson<{ version: string }>('package.json');
  const exact = (each: string): string => {
    const locked = lockfile.packages[`node_modules/${each}`]?.version;
    if (locked === undefined) throw new Error(`${each} is imported by ${name} and not in package-lock.json`);
    return locked;
  };
  return {
    name: `nextclick-${name}`,
    version,
    private: true,
    main: ENTRY,
    // Google's builder runs it once everything is installed: https://cloud.google.com/docs/buildpacks/nodejs
    scripts: { 'gcp-build': `node ${ENTRY}` },
    engines: { node: '>=24' },
    dependencies: Object.fromEntries([...new Set(outside)].sort().map((each) => [each, exact(each)])),
  };
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(join(ROOT, file), 'utf8')) as T;
}

async function writeJson(file: string, value: object): Promise<void> {
  await writeFile(file, `${JSON.stringify(value, null, 2)}\n`);
}
