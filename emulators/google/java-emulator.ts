import { type Child, foreign, startChild } from '../processes/child.ts';
import { portAnswers } from '../processes/ports.ts';

export interface JavaEmulatorSpec {
  readonly name: string;
  readonly port: number;
  /** Arguments to `java`. */
  readonly args: readonly string[];
  readonly onLine?: ((line: string) => void) | undefined;
}

/**
 * Starts one of Google's emulators and resolves once its port answers.
 * @throws Error with its last words, where it dies before.
 */
export async function startJavaEmulator({ name, port, args, onLine }: JavaEmulatorSpec): Promise<Child> {
  let lastWords: string[] = [];
  let dead = false;
  const child = startChild({
    name,
    args: foreign('java', '-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...args),
    onLine: (line) => {
      lastWords = [...lastWords.slice(-9), line];
      onLine?.(line);
    },
    onDeath: () => {
      dead = true;
    },
  });
  try {
    await portAnswers(port, 60_000, () =>
      dead ? `Google's ${name} emulator died at its start:\n${lastWords.join('\n')}` : undefined,
    );
  } catch (error) {
    await child.stop();
    throw error;
  }
  return child;
}
