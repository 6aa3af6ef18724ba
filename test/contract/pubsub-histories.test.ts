import { type PubSub, v1 } from '@google-cloud/pubsub';
import { credentials } from '@grpc/grpc-js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { pubSubClient } from '../../emulators/google/pubsub.ts';
import { PUBSUB_TARGETS } from '../helpers/pubsub-emulators.ts';
import { search } from '../helpers/search.ts';

const PROJECT = 'demo-histories';
const SUBSCRIPTIONS = ['plain', 'ordered'] as const;
type Name = (typeof SUBSCRIPTIONS)[number];

/** What is done; `ack` and `nack` are of the message that has been held longest. */
type Command =
  | { readonly do: 'publish'; readonly key: string; readonly count: number }
  | { readonly do: 'pull'; readonly from: Name; readonly most: number }
  | { readonly do: 'ack' | 'nack'; readonly from: Name };

const from = fc.constantFrom(...SUBSCRIPTIONS);
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    do: fc.constant('publish' as const),
    key: fc.constantFrom('', 'a', 'b'),
    count: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ do: fc.constant('pull' as const), from, most: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ do: fc.constantFrom('ack' as const, 'nack' as const), from }),
);

interface Outcome {
  /** Texts `key-number` by subscription, in the order of their first deliveries. */
  readonly delivered: Readonly<Record<Name, readonly string[]>>;
}

/** An emulator as histories are played on it. */
interface Player {
  play(run: number, commands: readonly Command[]): Promise<Outcome>;
  close(): Promise<void>;
}

async function makePlayer(emulator: RunningEmulator): Promise<Player> {
  const host = new URL(emulator.url).host;
  const pubsub: PubSub = pubSubClient(PROJECT, host);
  const options = {
    projectId: PROJECT,
    apiEndpoint: '127.0.0.1',
    port: Number(host.split(':')[1]),
    sslCreds: credentials.createInsecure(),
  };
  const [publisher, subscriber] = [new v1.PublisherClient(options), new v1.SubscriberClient(options)];

  const play = async (run: number, commands: readonly Command[]): Promise<Outcome> => {
    const [topic] = await pubsub.createTopic(`topic-${run}`);
    for (const name of SUBSCRIPTIONS)
      await topic.createSubscription(`${name}-${run}`, { enableMessageOrdering: name === 'ordered' });
    const path = (name: Name): string => `projects/${PROJECT}/subscriptions/${name}-${run}`;
    const held: Record<Name, string[]> = { plain: [], ordered: [] };
    const delivered: Record<Name, Set<string>> = { plain: new Set(), ordered: new Set() };
    let published = 0;

    const pull = async (name: Name, maxMessages: number): Promise<void> => {
      const request = { subscription: path(name), maxMessages, returnImmediately: true };
      const [{ receivedMessages }] = await subscriber.pull(request);
      for (const { ackId, message } of receivedMessages ?? []) {
        held[name].push(ackId ?? '');
        delivered[name].add(Buffer.from(message?.data ?? '').toString());
      }
    };
    const settle = async (name: Name, how: 'ack' | 'nack', count: number): Promise<void> => {
      const ackIds = held[name].splice(0, count);
      if (ackIds.length === 0) return;
      if (how === 'ack') await subscriber.acknowledge({ subscription: path(name), ackIds });
      else await subscriber.modifyAckDeadline({ subscription: path(name), ackIds, ackDeadlineSeconds: 0 });
    };
    for (const each of commands) {
      if (each.do === 'publish') {
        const messages = Array.from({ length: each.count }, () => {
          published += 1;
          return { data: Buffer.from(`${each.key}-${published}`), orderingKey: each.key };
        });
        await publisher.publish({ topic: topic.name, messages });
      } else if (each.do === 'pull') await pull(each.from, each.most);
      else await settle(each.from, each.do, 1);
    }
    for (const name of SUBSCRIPTIONS) {
      await settle(name, 'nack', held[name].length);
      await expect
        .poll(
          async () => {
            await pull(name, 100);
            await settle(name, 'ack', held[name].length);
            return delivered[name].size;
          },
          { timeout: 20_000 },
        )
        .toBe(published);
    }
    return { delivered: { plain: [...delivered.plain], ordered: [...delivered.ordered] } };
  };
  return {
    play,
    close: async () => {
      await Promise.all([pubsub.close(), publisher.close(), subscriber.close()]);
      await emulator.close();
    },
  };
}

const present = PUBSUB_TARGETS.filter(({ missing }) => missing === undefined);
const absent = PUBSUB_TARGETS.filter(({ missing }) => missing !== undefined).map(({ title }) => title);

describe(`the same history${absent.length > 0 ? `, without ${absent.join()}` : ''}`, () => {
  let players: readonly Player[] = [];
  beforeAll(async () => {
    players = await Promise.all(present.map(async ({ start }) => makePlayer(await start())));
  });
  afterAll(() => Promise.all(players.map((player) => player.close())));

  test('delivers the same messages, each at least once, and each key in its order', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(command, { minLength: 5, maxLength: 40 }), async (commands) => {
        run += 1;
        const outcomes = await Promise.all(players.map((player) => player.play(run, commands)));
        for (const { delivered } of outcomes) {
          expect([...delivered.plain].sort()).toEqual([...(outcomes[0]?.delivered.plain ?? [])].sort());
          for (const key of ['a', 'b']) {
            const numbers = delivered.ordered
              .filter((text) => text.startsWith(`${key}-`))
              .map((text) => Number(text.slice(2)));
            expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
          }
        }
      }),
      { ...search(15), endOnFailure: true },
    );
  }, 240_000);
});
