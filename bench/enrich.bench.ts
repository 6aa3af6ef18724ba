import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeEnrich } from '../functions/enrich/enrich.ts';
import { makeMemoryProfiles } from '../functions/enrich/history/memory-profiles.ts';
import { batchFunction, route } from '../shared/batch-function.ts';
import { silentLogger } from '../shared/log.ts';
import { encodeBatches } from '../shared/message.ts';
import { TOPICS } from '../shared/pipeline.ts';
import { PRODUCTS, rawClicks } from './tools/clicks.ts';
import { measurePart, runPart } from './tools/part.ts';
import { print, rowOf } from './tools/row.ts';

const USAGE = `Usage: node bench/enrich.bench.ts [--events N] [--batch N] [--rounds N] [--json]

Events that enrich takes in a second of processor time, from the message as Pub/Sub delivers it to the messages it sends,
profiles and catalogue in memory; against a program that only parses the same messages and writes them again.
  --events N   default 80000, half of them to warm up
  --batch N    events of a message; default 100
  --rounds N   default 3
`;
const AIM = 0.35;
const SCRIPT = fileURLToPath(import.meta.url);

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '80000' },
    batch: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '3' },
    part: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const sizes = ['--events', values.events, '--batch', values.batch];
if (values.help) process.stdout.write(USAGE);
else if (values.part === 'enrich') await enrichAll(messages());
else if (values.part === 'ceiling') await rewriteAll(messages());
else {
  const rounds = [];
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const ours = await runPart(SCRIPT, 'enrich', sizes);
    const theirs = await runPart(SCRIPT, 'ceiling', sizes);
    rounds.push({ ours: ours.count / ours.cpu, theirs: theirs.count / theirs.cpu });
  }
  const row = rowOf({
    name: `enrich, ${values.batch} events a message`,
    unit: 'events/s of processor time',
    against: 'JSON.parse and JSON.stringify of the messages',
    rounds,
    aim: AIM,
    better: 'more',
  });
  print(row, values.json);
}

function halfOf<T>(list: readonly T[], half: 0 | 1): readonly T[] {
  const middle = Math.floor(list.length / 2);
  return half === 0 ? list.slice(0, middle) : list.slice(middle);
}

/** The messages' data, base64 as in a push request. */
function messages(): readonly string[] {
  const batchEvents = Number(values.batch);
  const raw = rawClicks(Number(values.events), Date.now());
  return encodeBatches(raw, { batchEvents, batchBytes: 256 * 1024 }).map(({ data }) =>
    data.toString('base64'),
  );
}

async function enrichAll(batches: readonly string[]): Promise<void> {
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
  await measurePart(async (half) => {
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
    if (out < 0.49 * Number(values.events)) throw new Error(`${out} of ${values.events} events came out`);
    return out;
  });
}

/** The least that any program must do between two topics of JSON. */
async function rewriteAll(batches: readonly string[]): Promise<void> {
  await measurePart(async (half) => {
    let count = 0;
    for (const data of halfOf(batches, half)) {
      const { events } = JSON.parse(Buffer.from(data, 'base64').toString()) as { events: readonly unknown[] };
      if (Buffer.from(JSON.stringify({ events })).length > 0) count += events.length;
    }
    return count;
  });
}
