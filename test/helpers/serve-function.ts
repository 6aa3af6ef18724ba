import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../emulators/processes/ports.ts';
import { FUNCTIONS } from '../../shared/pipeline.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_MS = 60_000;
const children: ChildProcess[] = [];

/** A function as deployed: functions-framework in a process of its own. */
export interface ServedFunction {
  readonly url: string;
  readonly child: ChildProcess;
  /** All it has printed so far. */
  output(): string;
}

/** Ends every function that still runs, at once; call it after each test. */
export function endServedFunctions(): void {
  for (const child of children.splice(0)) child.kill('SIGKILL');
}

/** Starts a function of the pipeline. Resolves when it serves, or has ended: its output says why. */
export async function serveFunction(
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<ServedFunction> {
  const spec = FUNCTIONS.find((each) => each.name === name);
  if (!spec) throw new Error(`the pipeline has no function ${name}`);
  const port = await freePort();
  const child = spawn(
    process.execPath,
    [
      `${ROOT}node_modules/@google-cloud/functions-framework/build/src/main.js`,
      `--source=${ROOT}functions/${spec.source}/index.ts`,
      `--target=${name}`,
      `--port=${port}`,
    ],
    { env: { METADATA_SERVER_DETECTION: 'none', GOOGLE_CLOUD_PROJECT: 'demo-test', ...env } },
  );
  children.push(child);
  let output = '';
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} does not start:\n${output}`)), START_MS);
    const started = (): void => {
      clearTimeout(timer);
      resolve();
    };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        output += data.toString();
        if (output.includes('URL:')) started();
      });
    }
    child.once('close', started);
  });
  return { url: `http://127.0.0.1:${port}`, child, output: () => output };
}
