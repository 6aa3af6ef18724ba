import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningEmulator } from '../emulators/emulator.ts';
import { pubSubClient, startPubSubEmulator as startGoogles } from '../emulators/google/pubsub.ts';
import { startOurs } from '../emulators/own-process.ts';
import { whyNoGoogleEmulators } from '../test/helpers/google-emulators.ts';
import { benchmark } from './tools/benchmark.ts';

const BYTES = 1024;

process.env.METADATA_SERVER_DETECTION = 'none';
await benchmark({
  script: import.meta.url,
  about: `
Push deliveries a second, of messages of 1 KB to one bare HTTP server: this project's Pub/Sub emulator against Google's.`,
  options: { messages: [3000, 'of each round'] },
  async measure({ values, inTurns, tell, skip }) {
    const why = await whyNoGoogleEmulators();
    if (why) return skip(`deliveries by Google's Pub/Sub emulator: ${why}`);
    tell({
      name: 'Pub/Sub emulator, push of 1 KB messages',
      unit: 'deliveries/s',
      against: "Google's emulator",
      rounds: await inTurns(
        () => rateOf(() => startOurs('pubsub', {}), values.messages),
        () => rateOf(() => startGoogles(), values.messages),
      ),
      aim: 3,
      better: 'more',
    });
  },
});

/** Deliveries a second, from the moment that a subscription with a backlog begins to push until all have arrived once. */
async function rateOf(start: () => Promise<RunningEmulator>, messages: number): Promise<number> {
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
    return messages / seconds;
  } finally {
    await emulator.close();
    server.close();
    server.closeAllConnections();
  }
}
