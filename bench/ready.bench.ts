import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { whyNoGoogleEmulators } from '../test/helpers/google-emulators.ts';

const USAGE = `Usage: node bench/ready.bench.ts [--rounds N] [--json]

Seconds from npm start to ready with our Pub/Sub and Firestore emulators and with Google's, in turns. Both include what they
share: the other emulators and every function.
  --rounds N   default 3; the median counts
`;
const AIM = 0.5;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const why = await whyNoGoogleEmulators();
if (why) {
  process.stderr.write(`Nothing is measured: ${why}.\n`);
  process.exit(1);
}

const own: number[] = [];
const googles: number[] = [];
for (let round = 0; round < Number(values.rounds); round += 1) {
  own.push(await readySeconds('own'));
  googles.push(await readySeconds('google'));
}
const ratio = median(own) / median(googles);
const row = {
  name: 'npm start, to ready',
  value: Number(median(own).toFixed(1)),
  unit: 's',
  against: `Google's emulators, ${median(googles).toFixed(1)} s`,
  ratio: Number(ratio.toFixed(2)),
  aim: AIM,
  met: ratio <= AIM,
};
process.stdout.write(
  values.json
    ? `${JSON.stringify(row)}\n`
    : `${row.name}: ${row.value} ${row.unit}, ${row.ratio} of ${row.against} (aim ${row.aim})\n`,
);

/** Starts everything, waits until it is ready, and ends it. */
async function readySeconds(whose: string): Promise<number> {
  const main = fileURLToPath(new URL('../emulators/main.ts', import.meta.url));
  const began = performance.now();
  const child = spawn(process.execPath, [main, '--emulators', whose], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let seconds = Number.NaN;
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('ready after') || !Number.isNaN(seconds)) continue;
    seconds = (performance.now() - began) / 1000;
    child.kill('SIGINT');
  }
  await ended;
  if (Number.isNaN(seconds)) throw new Error(`npm start -- --emulators ${whose} did not get ready`);
  return seconds;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}
