import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const LIFELINE = new URL('lifeline.mjs', import.meta.url).href;
const FOREIGN = fileURLToPath(new URL('foreign.ts', import.meta.url));

export interface ChildSpec {
  readonly name: string;
  /** Arguments to Node.js, the script first. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Every line of standard output and standard error. */
  readonly onLine?: (line: string) => void;
  /** Every message the child sends by IPC. */
  readonly onMessage?: (message: unknown) => void;
  /** Start it again when it dies, after 200 ms doubling to 5 s; a life of 10 s resets the wait. */
  readonly restart?: boolean;
  /** Told of every death that nobody asked for. */
  readonly onDeath?: (death: { readonly code: number | null; readonly signal: string | null }) => void;
}

/** A Node.js process that cannot outlive this one. */
export interface Child {
  readonly name: string;
  /** Of the life that is running; undefined between lives. */
  pid(): number | undefined;
  restarts(): number;
  /** Ends this life only, as a crash would; a child with `restart` comes back. */
  kill(signal: NodeJS.Signals): void;
  /** Ends it for good: SIGTERM, then SIGKILL after two seconds. */
  stop(): Promise<void>;
}

/** The arguments that run a foreign program as a child. */
export function foreign(command: string, ...args: readonly string[]): readonly string[] {
  return [FOREIGN, command, ...args];
}

/**
 * Starts a child. It runs in a process group of its own, so that Ctrl-C reaches only this process, which ends
 * children in order; if this process dies instead, the lifeline ends them.
 */
export function startChild(spec: ChildSpec): Child {
  let life: ChildProcess | undefined;
  let lives = 0;
  let stopped = false;
  let waitMs = 200;
  let timer: NodeJS.Timeout | undefined;

  const begin = (): void => {
    const born = Date.now();
    const child = spawn(process.execPath, ['--import', LIFELINE, ...spec.args], {
      env: { ...process.env, ...spec.env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      detached: true,
    });
    life = child;
    lives += 1;
    for (const stream of [child.stdout, child.stderr]) {
      if (stream && spec.onLine) createInterface({ input: stream }).on('line', spec.onLine);
      else stream?.resume();
    }
    if (spec.onMessage) child.on('message', spec.onMessage);
    child.once('exit', (code, signal) => {
      life = undefined;
      if (stopped) return;
      spec.onDeath?.({ code, signal });
      if (!spec.restart) return;
      waitMs = Date.now() - born > 10_000 ? 200 : Math.min(waitMs * 2, 5000);
      timer = setTimeout(begin, waitMs);
    });
  };
  begin();

  return {
    name: spec.name,
    pid: () => life?.pid,
    restarts: () => lives - 1,
    kill: (signal) => void life?.kill(signal),
    stop: () =>
      new Promise((resolve) => {
        stopped = true;
        clearTimeout(timer);
        const child = life;
        if (!child) return resolve();
        const force = setTimeout(() => child.kill('SIGKILL'), 2000);
        child.once('exit', () => {
          clearTimeout(force);
          resolve();
        });
        child.kill('SIGTERM');
      }),
  };
}
