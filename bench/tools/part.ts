import { spawn } from 'node:child_process';

/** What a part of a benchmark did, in a process of its own, so that neither heap nor compiled code of others enters. */
export interface Part {
  /** Events, rows or requests. */
  readonly count: number;
  /** Seconds of processor time, by all threads, less what the system did for it. */
  readonly cpu: number;
  /** Seconds by the clock. */
  readonly seconds: number;
  /** Megabytes of memory, at most. */
  readonly rss: number;
}

/**
 * Called in the part's own process: does the first half of the work, measures the second, and tells the parent. The first
 * warms up: an instance lives long enough for its code to be compiled.
 * @param work does half of what there is, and answers how much that was
 */
export async function measurePart(work: (half: 0 | 1) => Promise<number>): Promise<void> {
  await work(0);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const count = await work(1);
  const part: Part = {
    count,
    cpu: process.cpuUsage(cpu).user / 1e6,
    seconds: (performance.now() - started) / 1000,
    rss: process.resourceUsage().maxRSS / 1024,
  };
  // What the work has left open does not keep the process.
  process.stdout.write(JSON.stringify(part), () => process.exit());
}

/**
 * Runs a part: the script again, with `--part NAME` and these arguments.
 * @throws Error where it fails
 */
export async function runPart(script: string, name: string, args: readonly string[] = []): Promise<Part> {
  const child = spawn(process.execPath, [script, '--part', name, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout) text += String(chunk);
  try {
    return JSON.parse(text) as Part;
  } catch (cause) {
    throw new Error(`the part ${name} of ${script} failed`, { cause });
  }
}
