import type { Message, PubSub } from '@google-cloud/pubsub';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { pubSubClient } from '../../emulators/google/pubsub.ts';
import { DIFFERENCES, PUBSUB_TARGETS } from '../helpers/pubsub-emulators.ts';

const PROJECT = 'demo-streaming';
let count = 0;
/** A name that no other test uses. */
const fresh = (kind: string): string => {
  count += 1;
  return `${kind}-${count}`;
};

const numbersFrom = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe.each(PUBSUB_TARGETS)('$title', ({ name: target, missing, start }) => {
  describe.skipIf(missing !== undefined)('to the official client’s listeners', () => {
    let emulator: RunningEmulator;
    let pubsub: PubSub;
    beforeAll(async () => {
      emulator = await start();
      pubsub = pubSubClient(PROJECT, new URL(emulator.url).host);
    });
    afterAll(async () => {
      await pubsub?.close();
      await emulator?.close();
    });

    test('streams to a listener, which acknowledges and refuses', async () => {
      const [topic] = await pubsub.createTopic(fresh('topic'));
      const [subscription] = await topic.createSubscription(fresh('sub'));
      const refused = new Set<string>();
      const done = new Map<string, number>();
      const all = new Promise<void>((resolve, reject) => {
        subscription.on('error', reject);
        subscription.on('message', (message: Message) => {
          const text = message.data.toString();
          if (Number(text) % 3 === 0 && !refused.has(text)) {
            refused.add(text);
            message.nack();
            return;
          }
          done.set(text, (done.get(text) ?? 0) + 1);
          message.ack();
          if (done.size === 300) resolve();
        });
      });
      const batches = Array.from({ length: 300 }, (_, index) =>
        topic.publishMessage({ data: Buffer.from(String(index)) }),
      );
      await Promise.all(batches);
      await all;
      await subscription.close();
      expect(refused.size).toBe(100);
      expect([...done.values()].every((times) => times >= 1)).toBe(true);
    });

    test('keeps a listener’s flow within its limit', async () => {
      const [topic] = await pubsub.createTopic(fresh('topic'));
      const [created] = await topic.createSubscription(fresh('sub'));
      const ids = Array.from({ length: 40 }, (_, index) =>
        topic.publishMessage({ data: Buffer.from(String(index)) }),
      );
      await Promise.all(ids);
      const subscription = pubsub.subscription(created.name, {
        flowControl: { maxMessages: 5, allowExcessMessages: false },
      });
      let held = 0;
      let most = 0;
      let acked = 0;
      await new Promise<void>((resolve, reject) => {
        subscription.on('error', reject);
        subscription.on('message', (message: Message) => {
          held += 1;
          most = Math.max(most, held);
          setImmediate(() => {
            held -= 1;
            acked += 1;
            message.ack();
            if (acked === 40) resolve();
          });
        });
      });
      await subscription.close();
      expect(most).toBeLessThanOrEqual(5);
    });

    /** Publishes 1 to 30 for each key; answers what a listener saw that refuses number 10 of a key the first time, or not. */
    async function orderedRun(
      keys: readonly string[],
      refusing: boolean,
    ): Promise<ReadonlyMap<string, number[]>> {
      const [topic] = await pubsub.createTopic(fresh('topic'));
      const [subscription] = await topic.createSubscription(fresh('sub'), { enableMessageOrdering: true });
      const ordered = pubsub.topic(topic.name, { messageOrdering: true });
      const seen = new Map(keys.map((key) => [key, [] as number[]]));
      const refused = new Set<string>();
      const all = new Promise<void>((resolve, reject) => {
        subscription.on('error', reject);
        subscription.on('message', (message: Message) => {
          const number = Number(message.data.toString());
          const key = message.orderingKey ?? '';
          if (refusing && number === 10 && !refused.has(key)) {
            refused.add(key);
            message.nack();
            return;
          }
          seen.get(key)?.push(number);
          message.ack();
          if ([...seen.values()].every((numbers) => numbers.includes(10) && numbers.at(-1) === 30)) resolve();
        });
      });
      for (let number = 1; number <= 30; number += 1) {
        for (const orderingKey of keys)
          void ordered.publishMessage({ data: Buffer.from(String(number)), orderingKey });
      }
      await ordered.flush();
      await all;
      await subscription.close();
      return seen;
    }

    test('keeps the order of each key', async () => {
      const seen = await orderedRun(['a', 'b', 'c'], false);
      for (const numbers of seen.values()) expect(numbers).toEqual(numbersFrom(1, 30));
    });

    test.skipIf(target === 'googles')(
      `after a refusal, delivers all that follow it again (${DIFFERENCES.orderAfterRefusal})`,
      async () => {
        const seen = await orderedRun(['a', 'b', 'c'], true);
        for (const numbers of seen.values()) {
          expect(numbers.slice(0, 9)).toEqual(numbersFrom(1, 9));
          expect(numbers.slice(numbers.indexOf(10))).toEqual(numbersFrom(10, 30));
        }
      },
    );
  });
});
