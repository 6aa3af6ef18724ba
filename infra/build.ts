import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { FUNCTIONS, type FunctionSpec } from '../shared/pipeline.ts';

/**
 * Writes `dist/<function>/`: one minified bundle with its source map, and a package.json that names only what must stay
 * outside. Each folder deploys alone: `gcloud functions deploy NAME --source dist/NAME`.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The framework finds functions by module identity; the Vertex client loads its protos by path. */
const EXTERNAL = ['@google-cloud/functions-framework', '@google-cloud/aiplatform'] as const;

/** Folders that a module reads at run time from beside itself; they go with the bundles that hold the module. */
const READ_BESIDE: Readonly<Record<string, string>> = {
  'infra/bigquery/training-queries.ts': 'infra/bigquery/training',
};

/** CommonJS packages inside an ES module still ask for these. */
const BANNER = [
  "import { createRequire as nextclickRequire } from 'node:module';",
  "import { fileURLToPath as nextclickPath } from 'node:url';",
  'const require = nextclickRequire(import.meta.url);',
  'const __filename = nextclickPath(import.meta.url);',
  "const __dirname = nextclickPath(new URL('.', import.meta.url));",
].join('\n');

/** A bundle that was written. */
export interface Bundle {
  readonly name: string;
  readonly bytes: number;
  /** Packages, with versions, that its package.json asks for. */
  readonly dependencies: Readonly<Record<string, string>>;
}

/** Builds one function. Throws esbuild's error, which names file and line. */
export async function buildFunction(spec: FunctionSpec): Promise<Bundle> {
  const folder = join(ROOT, 'dist', spec.name);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, 'index.js');
  const result = await build({
    entryPoints: [join(ROOT, 'functions', spec.source, 'index.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    external: EXTERNAL.flatMap((name) => [name, `${name}/*`]),
    banner: { js: BANNER },
    logLevel: 'warning',
    logOverride: { 'direct-eval': 'silent' },
  });
  for (const [module, beside] of Object.entries(READ_BESIDE)) {
    if (!(module in result.metafile.inputs)) continue;
    await cp(join(ROOT, beside), join(folder, basename(beside)), { recursive: true });
  }
  const imported = Object.values(result.metafile.outputs).flatMap((output) => output.imports);
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const dependencies = Object.fromEntries(
    EXTERNAL.filter(
      (name) =>
        name === '@google-cloud/functions-framework' || imported.some(({ path }) => path.startsWith(name)),
    ).map((name) => [name, manifest.dependencies[name] ?? '']),
  );
  const described = {
    name: `nextclick-${spec.name}`,
    version: manifest.version,
    private: true,
    type: 'module',
    main: 'index.js',
    engines: { node: '>=24' },
    dependencies,
  };
  await writeFile(join(folder, 'package.json'), `${JSON.stringify(described, null, 2)}\n`);
  return { name: spec.name, bytes: (await stat(outfile)).size, dependencies };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const spec of FUNCTIONS) {
    const { name, bytes, dependencies } = await buildFunction(spec);
    const outside = Object.keys(dependencies).join(', ');
    process.stdout.write(
      `${name.padEnd(10)} ${(bytes / 1e6).toFixed(2).padStart(6)} MB   outside: ${outside}\n`,
    );
  }
}
