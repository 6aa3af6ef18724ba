import type { PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TOPICS } from '../../../shared/pipeline.ts';
import { PUBSUB_TARGETS } from '../../../test/helpers/pubsub-emulators.ts';
import type { RunningEmulator } from '../../emulator.ts';
import { pubSubClient } from '../../google/pubsub.ts';
import { makeTap } from './tap.ts';
import type { SeenMessage } from './trails.ts';

const WAIT = { timeout: 20_000 };

describe.each(PUBSUB_TARGETS)('on $title', (target) => {
  describe.skipIf(target.missing !== undefined)('the tap', () => {
    let emulator: RunningEmulator;
    let pubsub: PubSub;
    beforeAll(async () => {
      emulator = await target.start();
      pubsub = pubSubClient('demo-x', emulator.url.slice('http://'.length));
      for (const topic of Object.values(TOPICS)) await pubsub.createTopic(topic);
    });
    afterAll(async () => {
      await pubsub.close();
      await emulator.close();
    });

    const subscriptions = async (): Promise<readonly string[]> =>
      (await pubsub.getSubscriptions())[0].map(({ name }) => name.replace(/.*\//, ''));

    test('sees what is published while it is open, and leaves nothing behind', async () => {
      // As a view that was killed leaves it.
      await pubsub.topic(TOPICS.raw).createSubscription(`view--${TOPICS.raw}`);
      await pubsub.topic(TOPICS.raw).publishMessage({ data: Buffer.from('before') });

      const seen: SeenMessage[] = [];
      const troubles: string[] = [];
      const tap = makeTap({
        pubsub,
        onMessage: (message) => seen.push(message),
        onTrouble: (trouble) => troubles.push(trouble),
      });
      tap.open();
      tap.open();
      await expect.poll(subscriptions, WAIT).toContain(`view--${TOPICS.recommendations}`);
      await expect.poll(subscriptions, WAIT).toContain(`view--${TOPICS.raw}`);
      await expect
        .poll(async () => {
          if (seen.length === 0)
            await pubsub
              .topic(TOPICS.raw)
              .publishMessage({ data: Buffer.from('now'), attributes: { a: 'b' } });
          return seen[0];
        }, WAIT)
        .toMatchObject({
          topic: TOPICS.raw,
          id: expect.any(String),
          attributes: { a: 'b' },
          data: Buffer.from('now'),
        });
      expect(Math.abs(Date.now() - (seen[0]?.publishedAt ?? 0))).toBeLessThan(60_000);

      await tap.close();
      expect(await subscriptions()).toEqual([]);
      tap.open();
      await expect.poll(subscriptions, WAIT).toContain(`view--${TOPICS.raw}`);
      await tap.close();
      expect(troubles).toEqual([]);
    });

    test('says so where topics cannot be subscribed to, and does not fail', async () => {
      const troubles: string[] = [];
      const empty = pubSubClient('no-topics', emulator.url.slice('http://'.length));
      const tap = makeTap({
        pubsub: empty,
        onMessage: () => undefined,
        onTrouble: (trouble) => troubles.push(trouble),
      });
      tap.open();
      await tap.close();
      expect(troubles).toEqual([expect.stringContaining('not every topic can be listened to')]);
      await empty.close();
    });
  });
});
