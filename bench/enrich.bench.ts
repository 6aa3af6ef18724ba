import { makeEnrich } from '../functions/enrich/enrich.ts';
import { makeMemoryProfiles } from '../functions/enrich/history/memory-profiles.ts';
import { batchFunction, route } from '../shared/batch-function.ts';
import { silentLogger } from '../shared/log.ts';
import { encodeBatches } from '../shared/message.ts';
import { TOPICS } from '../shared/pipeline.ts';
import { benchmark } from './tools/benchmark.ts';
import { PRODUCTS, rawClicks } from './tools/clicks.ts';

await benchmark({
  script: import.meta.url,
  about: `
Events that enrich takes in a second of processor time, from the message as Pub/Sub delivers it to the messages it sends,
profiles and catalogue in memory; against a program that only parses the same messages and writes them again.`,
  options: { events: [60_000, 'half of them to warm up'], batch: [100, 'events of a message'] },
  parts: {
    enrich: async ({ events, batch }) => enrichHalf(messages(events, batch)),
    ceiling: async ({ events, batch }) => rewriteHalf(messages(events, batch)),
  },
  async measure({ values, part, inTurns, tell }) {
    const speed = async (name: string): Promise<number> => {
      const { count, cpu } = await part(name);
      return count / cpu;
    };
    tell({
      name: `enrich, ${values.batch} events a message`,
      unit: 'events/s of processor time',
      against: 'JSON.parse and JSON.stringify of the messages',
      rounds: await inTurns(
        () => speed('enrich'),
        () => speed('ceiling'),
      ),
      aim: 0.35,
      better: 'more',
    });
  },
});

function halfOf<T>(list: readonly T[], half: 0 | 1): readonly T[] {
  const middle = Math.floor(list.length / 2);
  return half === 0 ? list.slice(0, middle) : list.slice(middle);
}

/** The messages' data, base64 as in a push request. */
function messages(events: number, batchEvents: number): readonly string[] {
  const raw = rawClicks(events, Date.now());
  return encodeBatches(raw, { batchEvents, batchBytes: 256 * 1024 }).map(({ data }) =>
    data.toString('base64'),
  );
}

function enrichHalf(batches: readonly string[]): (half: 0 | 1) => Promise<number> {
  let out = 0;
  const publisher = {
    publish: async (_topic: string, events: readonly object[]) => {
      for (const { count } of encodeBatches(events)) out += count;
    },
  };
  const identity = { name: 'enrich', version: 'bench' };
  const catalog = new Map(
    PRODUCTS.map(({ style: _style, isNew: _isNew, ...product }) => [product.item_id, product]),
  );
  const enrich = makeEnrich({
    identity,
    settings: {
      pseudonymKey: '0123456789abcdef0123456789abcdef',
      consentDefault: { analytics: true, personalization: true },
      maxAgeMs: 365 * 86_400_000,
    },
    profiles: makeMemoryProfiles(),
    catalog: {
      products: async (ids) =>
        new Map(
          [...new Set(ids)].flatMap((id) => {
            const product = catalog.get(id);
            return product ? [[id, product] as const] : [];
          }),
        ),
    },
    publisher,
    clock: Date.now,
    sleep: async () => undefined,
    random: Math.random,
  });
  const handle = batchFunction(
    { [TOPICS.raw]: route(enrich) },
    { identity, project: 'demo-bench', publisher, log: silentLogger },
  );
  return async (half) => {
    out = 0;
    for (const [index, data] of halfOf(batches, half).entries()) {
      await handle({
        specversion: '1.0',
        id: String(index),
        type: 'google.cloud.pubsub.topic.v1.messagePublished',
        source: `//pubsub.googleapis.com/projects/demo-bench/topics/${TOPICS.raw}`,
        data: { message: { data, messageId: String(index), attributes: {} } },
      });
    }
    if (out === 0) throw new Error('no event came out');
    return out;
  };
}

/** The least that any program must do between two topics of JSON. */
function rewriteHalf(batches: readonly string[]): (half: 0 | 1) => Promise<number> {
  return async (half) => {
    let count = 0;
    for (const data of halfOf(batches, half)) {
      const { events } = JSON.parse(Buffer.from(data, 'base64').toString()) as { events: readonly unknown[] };
      if (Buffer.from(JSON.stringify({ events })).length > 0) count += events.length;
    }
    return count;
  };
}
