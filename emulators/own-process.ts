import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningEmulator } from './emulator.ts';
import { startChild } from './processes/child.ts';

const SERVE = fileURLToPath(new URL('serve.ts', import.meta.url));

/**
 * One of this project's emulators, as a process of its own. Without a folder for its data, it keeps none.
 * @throws Error with its last words, where it dies before it is ready
 */
export function startOurs(
  name: string,
  env: Readonly<Record<string, string>>,
  dataDir?: string,
): Promise<RunningEmulator> {
  const folder = dataDir === undefined ? [] : ['--data', resolve(dataDir, name)];
  return new Promise((fulfil, reject) => {
    const words: string[] = [];
    const child = startChild({
      name,
      args: [SERVE, name, ...folder],
      env,
      onLine: (line) => {
        words.push(line);
        if (words.length > 10) words.shift();
      },
      onMessage: (message) => {
        const ready = (message as { ready?: Omit<RunningEmulator, 'close'> }).ready;
        if (ready) fulfil({ ...ready, close: () => child.stop() });
      },
      onDeath: () => reject(new Error(`the ${name} emulator died at its start:\n${words.join('\n')}`)),
    });
  });
}
