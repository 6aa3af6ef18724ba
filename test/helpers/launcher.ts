import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('../../emulators/main.ts', import.meta.url));

/** `npm start -- …ARGS` as a process of its own. */
export interface Launcher {
  readonly process: ChildProcess;
  /** Everything written so far. */
  readonly output: { readonly out: string[]; readonly err: string[] };
  /** Resolves with the first line of either stream that matches. */
  line(pattern: RegExp): Promise<string>;
  /** Resolves with the exit status; null after a signal. */
  readonly ended: Promise<number | null>;
}

export function launch(...args: readonly string[]): Launcher {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { out: [] as string[], err: [] as string[] };
  const waiting = new Set<{ pattern: RegExp; found: (line: string) => void }>();
  const ended = once(child, 'close').then(([status]) => status as number | null);
  for (const [name, stream] of [
    ['out', child.stdout],
    ['err', child.stderr],
  ] as const) {
    createInterface({ input: stream }).on('line', (line) => {
      output[name].push(line);
      for (const wait of waiting) {
        if (!wait.pattern.test(line)) continue;
        waiting.delete(wait);
        wait.found(line);
      }
    });
  }
  return {
    process: child,
    output,
    ended,
    line: (pattern) =>
      new Promise((found, failed) => {
        const before = [...output.out, ...output.err].find((line) => pattern.test(line));
        if (before !== undefined) return found(before);
        waiting.add({ pattern, found });
        void ended.then((status) => {
          const said = [...output.out, ...output.err].slice(-20).join('\n');
          failed(new Error(`the launcher ended (${status}) before it said ${pattern}:\n${said}`));
        });
      }),
  };
}

/** Every process that descends from this one, by process id. */
export function descendants(pid: number): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  const rows = table
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/));
  const found: number[] = [];
  const parents = [pid];
  for (let parent = parents.pop(); parent !== undefined; parent = parents.pop()) {
    for (const [child = '', of = ''] of rows) {
      if (Number(of) !== parent) continue;
      found.push(Number(child));
      parents.push(Number(child));
    }
  }
  return found;
}

/** Those of these processes that still run; a zombie does not. */
export function alive(pids: readonly number[]): number[] {
  const table = execFileSync('ps', ['-A', '-o', 'pid=,stat='], { encoding: 'utf8' });
  const running = new Set(
    table
      .trim()
      .split('\n')
      .map((row) => row.trim().split(/\s+/))
      .filter(([, state]) => !state?.startsWith('Z'))
      .map(([pid]) => Number(pid)),
  );
  return pids.filter((pid) => running.has(pid));
}
