import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startChild } from '../../emulators/processes/child.ts';
import { freePort, portAnswers } from '../../emulators/processes/ports.ts';
import { bundleFolder } from '../build/bundle.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FRAMEWORK = join(ROOT, 'node_modules/@google-cloud/functions-framework/build/src/main.js');
const START_MS = 60_000;

/** A bundle that serves. */
export interface RunningBundle {
  readonly url: string;
  readonly pid: number | undefined;
  /** When it was spawned, on the clock of `performance.now()`. */
  readonly began: number;
  /** From its spawn to its first open port. */
  readonly readyMs: number;
  /** The last lines it printed. */
  words(): string;
  stop(): Promise<void>;
}

/** How a bundle is run. */
export interface RunBundleOptions {
  /** Another bundle's folder; default `dist/<name>/`. */
  readonly from?: string;
  /** Whether the platform's builder has been at it, which runs `gcp-build`; default true. */
  readonly built?: boolean;
}

/**
 * Starts `dist/<name>/` as the platform does: in a folder of its own, where nothing can be imported but what its package.json
 * names, once its `gcp-build` has run.
 * @throws Error with its last words, where it does not start.
 */
export async function runBundle(
  name: string,
  env: Readonly<Record<string, string>>,
  { from = bundleFolder(name), built = true }: RunBundleOptions = {},
): Promise<RunningBundle> {
  const folder = await mkdtemp(join(tmpdir(), `nextclick-${name}-`));
  try {
    await install(from, folder, built);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  const port = await freePort();
  const lines: string[] = [];
  const words = (): string => lines.slice(-15).join('\n');
  let dead = false;
  const began = performance.now();
  const child = startChild({
    name,
    args: [FRAMEWORK, `--source=${folder}`, `--target=${name}`, `--port=${port}`],
    env: { ...env, K_SERVICE: name, K_REVISION: 'bundle', HOST: '127.0.0.1' },
    onLine: (line) => lines.push(line),
    onDeath: () => {
      dead = true;
    },
  });
  const stop = async (): Promise<void> => {
    await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await portAnswers(port, START_MS, () => (dead ? `it died at its start:\n${words()}` : undefined));
  } catch (error) {
    await stop();
    throw error;
  }
  const readyMs = performance.now() - began;
  return { url: `http://127.0.0.1:${port}`, pid: child.pid(), began, readyMs, words, stop };
}

/** The part of a bundle's package.json that is read here. */
interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
}

/** Puts a bundle into a folder, with the packages that it names and no other, and runs what the platform's builder runs. */
async function install(from: string, folder: string, built: boolean): Promise<void> {
  await cp(from, folder, { recursive: true });
  const { dependencies, scripts = {} } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  ) as Manifest;
  for (const each of Object.keys(dependencies)) {
    const link = join(folder, 'node_modules', each);
    await mkdir(dirname(link), { recursive: true });
    await symlink(join(ROOT, 'node_modules', each), link);
  }
  if (built && scripts['gcp-build'] !== undefined) await runScript(scripts['gcp-build'], folder);
}

/** Runs a script of a package as npm does, by the Node.js that runs this, and with nothing else of its environment. */
async function runScript(script: string, folder: string): Promise<void> {
  const path = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
  await promisify(execFile)('sh', ['-c', script], { cwd: folder, env: { PATH: path } });
}
