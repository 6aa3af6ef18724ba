import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { processorSeconds } from '../tools/processor-time.ts';

/** A server in a process of its own. */
export interface StartedServer {
  readonly url: string;
  /** Seconds of processor time so far, all threads together; undefined where the system does not tell. */
  cpuSeconds(): number | undefined;
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
      cpuSeconds: () => processorSeconds(child.pid),
      stop: () => child.kill(),
    };
  }
}
