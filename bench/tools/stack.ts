import { readFileSync } from 'node:fs';
import { readBacklog } from '../../emulators/backlog.ts';
import { makeIngestClient } from '../../emulators/ingest-client.ts';
import { trainOnPast } from '../../emulators/shop/short-past.ts';
import { type Stack, type StackOptions, startStack } from '../../emulators/stack.ts';
import { openStores, type Stores } from '../../emulators/stores.ts';
import { descendants, processorSeconds } from './processor-time.ts';

/** The launcher's whole stack with a model that was trained on a short past, and nobody in the shop. */
export interface BenchStack {
  readonly stack: Stack;
  readonly stores: Stores;
  readonly ingest: ReturnType<typeof makeIngestClient>;
  /** Resolves when no message waits or is under way: whatever was sent has come to its end. */
  drained(): Promise<void>;
  close(): Promise<void>;
}

export async function startBenchStack(options: StackOptions = {}): Promise<BenchStack> {
  const stack = await startStack({ project: 'demo-bench', ...options });
  const stores = openStores(stack);
  const close = async (): Promise<void> => {
    await stores.close();
    await stack.close();
  };
  try {
    await trainOnPast(stores, stack.project, 1);
  } catch (error) {
    await close();
    throw error;
  }
  return benchStackOf(stack, stores, close);
}

/** The same of a stack that somebody else has started. */
export function benchStackOf(stack: Stack, stores: Stores, close: () => Promise<void>): BenchStack {
  const ingest = makeIngestClient({ url: stack.ingestUrl, writeKey: stack.writeKey });
  return { stack, stores, ingest, drained: () => drained(stack), close };
}

const LOOK_EVERY_MS = 20;

/** A function publishes before it acknowledges: while anything is left to do, some message is. */
async function drained(stack: Stack): Promise<void> {
  while ((await readBacklog(stack)).messages > 0) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** Seconds of processor time so far, by name, of functions and of emulators. Linux only: there it is told by /proc. */
export interface StackTimes {
  readonly functions: ReadonlyMap<string, number>;
  readonly emulators: ReadonlyMap<string, number>;
}

export function processorTimes(stack: Stack): StackTimes {
  const functions = [...stack.functions].map(
    ([name, { child }]) => [name, processorSeconds(child.pid()) ?? Number.NaN] as const,
  );
  const emulators = descendants().flatMap((pid) => {
    const name = emulatorOf(pid);
    return name === undefined ? [] : [[name, processorSeconds(pid) ?? Number.NaN] as const];
  });
  return { functions: new Map(functions), emulators: new Map(emulators) };
}

/** By its command line: `node … emulators/serve.ts NAME`. */
function emulatorOf(pid: number): string | undefined {
  try {
    const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
    const at = words.findIndex((word) => word.endsWith('emulators/serve.ts'));
    return at < 0 ? undefined : words[at + 1];
  } catch {
    return undefined;
  }
}

/** What each has used between two looks. */
export function usedBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  return new Map([...after].map(([name, seconds]) => [name, seconds - (before.get(name) ?? 0)]));
}
