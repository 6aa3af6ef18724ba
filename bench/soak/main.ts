import { readCommandLine } from '../../shared/command-line.ts';
import { messageOf } from '../../shared/errors.ts';
import { readSoakOptions, USAGE } from './options.ts';
import { runSoak } from './run.ts';

const options = readCommandLine(readSoakOptions, 'npm run soak');
if (options.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const { minutes, rate } = options;
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => stop.abort(new Error('it was asked to end')));
}

/** Whatever of an aborted run still waits ends with the process, once everything is written. */
function end(status: number): void {
  process.stdout.write('', () => process.exit(status));
}

try {
  const report = await runSoak({ minutes, rate, say, signal: stop.signal });
  process.stdout.write(`${JSON.stringify(report, null, options.json ? 0 : 2)}\n`);
  for (const promise of report.broken) say(promise);
  end(report.broken.length === 0 ? 0 : 1);
} catch (error) {
  say(`The soak did not come to its end: ${messageOf(error)}`);
  end(1);
}
