import { randomInt } from 'node:crypto';
import { createWriteStream, mkdirSync } from 'node:fs';
import type { FunctionLine } from '../../emulators/functions.ts';
import { readCommandLine } from '../../shared/command-line.ts';
import { messageOf } from '../../shared/errors.ts';
import { readChaosOptions, USAGE } from './options.ts';
import { runChaos } from './run.ts';

const options = readCommandLine((args) => readChaosOptions(args, () => randomInt(2 ** 31)), 'npm run chaos');
if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const { events, seconds, seed } = options;
const again = `npm run chaos -- --events ${events} --seconds ${seconds} --seed ${seed}`;
const say = (line: string): void => void process.stderr.write(`${line}\n`);
mkdirSync('.nextclick', { recursive: true });
const log = createWriteStream('.nextclick/chaos.log');
const onLine = ({ function: name, entry, message }: FunctionLine): void =>
  void log.write(`${JSON.stringify({ function: name, ...(entry ?? { message }) })}\n`);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort(new Error('it was asked to end')));
}

/** Whatever of an aborted run still waits ends with the process, once everything is written. */
function end(status: number): void {
  log.end(() => process.stdout.write('', () => process.exit(status)));
}

try {
  const report = await runChaos({ events, seconds, seed, say, onLine, signal: stop.signal });
  process.stdout.write(`${JSON.stringify(report, null, options.json ? 0 : 2)}\n`);
  for (const promise of report.broken) say(promise);
  if (report.broken.length > 0) say(`The same storm again: ${again}`);
  end(report.broken.length === 0 ? 0 : 1);
} catch (error) {
  say(`The run did not come to its end: ${messageOf(error)}. The same again: ${again}`);
  end(1);
}
