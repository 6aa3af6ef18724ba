import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { type FaultProxy, startFaultProxy } from '../../emulators/faults/tcp-proxy.ts';
import { pubSubClient } from '../../emulators/google/pubsub.ts';
import { TransientError } from '../../shared/errors.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makePubSubPublisher } from '../../shared/pubsub-publisher.ts';
import { PUBSUB_TARGETS } from '../helpers/pubsub-emulators.ts';

const PROJECT = 'demo-outage';
const TIMEOUT_MS = 2_000;

/** What our publisher makes of a network that fails before Pub/Sub, ours and Google's. */
describe.each(PUBSUB_TARGETS)('a broken network before $title', ({ missing, start }) => {
  let emulator: RunningEmulator | undefined;
  let proxy: FaultProxy;
  let publish: () => Promise<void>;

  beforeAll(async () => {
    if (missing !== undefined) return;
    emulator = await start();
    const { hostname, port } = new URL(emulator.url);
    proxy = await startFaultProxy({ to: { host: hostname, port: Number(port) } });
    const direct = pubSubClient(PROJECT, `${hostname}:${port}`);
    await direct.createTopic(TOPICS.raw);
    await direct.close();
    const publisher = makePubSubPublisher({
      projectId: PROJECT,
      emulatorHost: `127.0.0.1:${proxy.port}`,
      timeoutMs: TIMEOUT_MS,
      attemptMs: 500,
    });
    publish = () => publisher.publish(TOPICS.raw, [{ event_id: 'e1' }]);
  });
  afterAll(async () => {
    await proxy?.close();
    await emulator?.close();
  });
  beforeEach(() => proxy?.set({}));

  test.skipIf(missing).each([
    ['connections are refused', { refuse: true }],
    ['answers do not come', { hang: true }],
  ])(
    'a publish fails in time while %s, as one that may be repeated, and the next succeeds',
    async (_what, fault) => {
      await publish();
      proxy.set(fault);
      await expect(publish()).rejects.toThrow(TransientError);
      proxy.set({});
      await expect.poll(() => publish().then(() => 'published'), { timeout: 20_000 }).toBe('published');
    },
  );

  test.skipIf(missing)('a publish outlives connections that are reset under it', async () => {
    proxy.set({ hang: true });
    const published = publish();
    proxy.set({ reset: true });
    await published;
  });
});
