import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { whyNoGoogleEmulators } from '../test/helpers/google-emulators.ts';
import { benchmark } from './tools/benchmark.ts';

await benchmark({
  script: import.meta.url,
  about: `
Seconds from npm start to ready with our Pub/Sub and Firestore emulators and with Google's, in turns. Both include what they
share: the other emulators and every function.`,
  options: { rounds: [2, 'that count; the median stands for all'] },
  async measure({ inTurns, tell, skip }) {
    const why = await whyNoGoogleEmulators();
    if (why) return skip(`npm start against Google's emulators: ${why}`);
    tell({
      name: 'npm start, to ready',
      unit: 's',
      against: "with Google's emulators",
      rounds: await inTurns(
        () => readySeconds('own'),
        () => readySeconds('google'),
      ),
      aim: 0.5,
      better: 'less',
    });
  },
});

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
