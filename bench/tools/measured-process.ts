import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const FRAMEWORK = fileURLToPath(
  new URL('../../node_modules/@google-cloud/functions-framework/build/src/main.js', import.meta.url),
);
const REPORT = fileURLToPath(new URL('report-cpu.ts', import.meta.url));

/** A function under functions-framework, whose CPU time can be asked for. */
export interface MeasuredProcess {
  readonly url: string;
  /** Seconds of CPU taken so far, by all threads. */
  cpuSeconds(): Promise<number>;
  close(): void;
}

/** Resolves when it serves. @throws Error with what it printed where it does not */
export async function startMeasured(
  source: string,
  target: string,
  port: number,
  env: Readonly<Record<string, string>>,
): Promise<MeasuredProcess> {
  const child = fork(
    FRAMEWORK,
    [`--source=${fileURLToPath(new URL(source, import.meta.url))}`, `--target=${target}`, `--port=${port}`],
    {
      execArgv: ['--import', REPORT],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    },
  );
  let output = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (data: Buffer) => {
        if (output.length < 10_000) output += data.toString();
        if (output.includes('URL:')) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`${target} does not serve:\n${output}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async cpuSeconds() {
      const answer = once(child, 'message');
      child.send('cpu');
      return Number((await answer)[0]) / 1e6;
    },
    close: () => child.kill('SIGKILL'),
  };
}
