import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FunctionLine } from '../../emulators/functions.ts';

const MESSAGE = 'live heap';
const EVERY_MS = 10_000;

/** What a function's line says of its live heap, in megabytes; undefined for any other line. */
export function liveHeapOf({ message, entry }: FunctionLine): number | undefined {
  return message === MESSAGE ? Number(entry?.live_mb) : undefined;
}

/**
 * Logs again and again what a process holds on to: what is in use once all garbage is collected. Resident memory tells garbage that
 * is not collected yet, and what the heap keeps for more of it, from nothing else.
 */
export function logLiveHeap(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const log = (): void => {
    collect();
    const { heapUsed, external } = process.memoryUsage();
    const line = { severity: 'DEBUG', message: MESSAGE, live_mb: (heapUsed + external) / 2 ** 20 };
    process.stdout.write(`${JSON.stringify(line)}\n`);
  };
  setInterval(log, EVERY_MS).unref();
}
