import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** Hundredths of a second, in which Linux counts processor time. */
const TICKS = 100;

/** A server in a process of its own. */
export interface StartedServer {
  readonly url: string;
  /** Seconds of processor time so far, all threads together; undefined where the system does not tell. */
  cpuSeconds(): Promise<number | undefined>;
  stop(): void;
}

/** Starts a program that sends `{type:'ready',port}` when it answers. @throws Error where it ends before. */
export async function startServer(
  program: URL,
  env: Readonly<Record<string, string>> = {},
): Promise<StartedServer> {
  const child = fork(fileURLToPath(program), {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${program.pathname} ended before it answered`);
  });
  for (;;) {
    const [message] = await Promise.race([once(child, 'message'), ended]);
    const { type, port } = message as { readonly type: string; readonly port: number };
    if (type !== 'ready') continue;
    ended.catch(() => undefined); // it ends when the benchmark does
    return {
      url: `http://127.0.0.1:${port}`,
      async cpuSeconds() {
        try {
          // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: utime and stime come 12th and 13th after the name.
          const stat = await readFile(`/proc/${child.pid}/stat`, 'utf8');
          const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
          return (Number(fields[11]) + Number(fields[12])) / TICKS;
        } catch {
          return undefined;
        }
      },
      stop: () => child.kill(),
    };
  }
}
