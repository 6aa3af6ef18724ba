import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import type { RunningEmulator } from '../emulators/emulator.ts';
import { pubSubClient, startPubSubEmulator as startGooglesPubSub } from '../emulators/google/pubsub.ts';
import { startOurs } from '../emulators/own-process.ts';
import { whyNoGoogleEmulators } from '../test/helpers/google-emulators.ts';

const USAGE = `Usage: node bench/pubsub-push.bench.ts [--messages N] [--json]

Push deliveries a second (median of three rounds), of messages of 1 KB to one bare HTTP server: this project's Pub/Sub emulator against Google's.
`;
const AIM = 3;
const BYTES = 1024;
const ROUNDS = 3;

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '5000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const messages = Number(values.messages);

process.env.METADATA_SERVER_DETECTION = 'none';
const why = await whyNoGoogleEmulators();
if (why) process.stderr.write(`Google's emulator is not measured: ${why}\n`);
const own: number[] = [];
const googles: number[] = [];
// By turns, so that what else the machine does strikes both.
for (let round = 0; round < ROUNDS; round += 1) {
  own.push(await rateOf(() => startOurs('pubsub', {})));
  if (!why) googles.push(await rateOf(() => startGooglesPubSub()));
}
report(median(own), why ? undefined : median(googles));

function median(rates: readonly number[]): number {
  return [...rates].sort((a, b) => a - b)[Math.floor(rates.length / 2)] ?? 0;
}

/** Deliveries a second, from the moment that a subscription with a backlog begins to push until all have arrived once. */
async function rateOf(start: () => Promise<RunningEmulator>): Promise<number> {
  const seen = new Set<string>();
  let arrived = (): void => undefined;
  const all = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      response.writeHead(204).end();
      const body = JSON.parse(Buffer.concat(parts).toString()) as { message: { messageId: string } };
      seen.add(body.message.messageId);
      if (seen.size === messages) arrived();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const emulator = await start();
  try {
    const pubsub = pubSubClient('demo-bench', new URL(emulator.url).host);
    const [topic] = await pubsub.createTopic('clicks');
    const [subscription] = await topic.createSubscription('clicks-push');
    const data = Buffer.alloc(BYTES, 'x');
    await Promise.all(Array.from({ length: messages }, () => topic.publishMessage({ data })));
    const pushEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const began = performance.now();
    await subscription.modifyPushConfig({ pushEndpoint });
    await all;
    const seconds = (performance.now() - began) / 1000;
    await pubsub.close();
    return Math.round(messages / seconds);
  } finally {
    await emulator.close();
    server.close();
    server.closeAllConnections();
  }
}

function report(value: number, against: number | undefined): void {
  const ratio = against === undefined ? undefined : Number((value / against).toFixed(2));
  const row = {
    name: 'pubsub push, 1 KB messages, against Google’s emulator',
    value,
    unit: 'deliveries/s',
    against: against ?? null,
    ratio: ratio ?? null,
    aim: AIM,
    met: ratio === undefined ? null : ratio >= AIM,
  };
  process.stdout.write(
    values.json
      ? `${JSON.stringify(row)}\n`
      : `${row.name}: ${value} against ${against ?? 'none'}, ${ratio ?? '?'}× (aim ${AIM}×)\n`,
  );
}
