import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readConservation, settled } from '../../emulators/conservation.ts';
import { makeIngestClient } from '../../emulators/ingest-client.ts';
import { makeCatalog } from '../../emulators/shop/catalog.ts';
import { makeRandom } from '../../emulators/shop/random.ts';
import { makeShopper, visit } from '../../emulators/shop/shoppers.ts';
import { type Stack, startStack } from '../../emulators/stack.ts';
import { openStores, type Stores } from '../../emulators/stores.ts';
import type { StoredSpan } from '../../emulators/traces/span.ts';
import { trainModel } from '../../emulators/training.ts';
import { armOf, type Experiment } from '../../shared/experiments.ts';
import { BUCKETS, bucketName, COLLECTIONS, DATASET } from '../../shared/pipeline.ts';

const EXPERIMENT: Experiment = {
  name: 'chain-test',
  arms: [
    { name: 'control', weight: 1, shows: 'popularity' },
    { name: 'treatment', weight: 1, shows: 'live' },
  ],
};

/** Every function as its own process, real clients, real protocols: from a click to the document the page listens to. */
describe('the whole chain', () => {
  let stack: Stack;
  let stores: Stores;
  const lines: string[] = [];
  /** What functions said since the test began: a failed test shows it. */
  let told: string[] = [];

  beforeAll(async () => {
    stack = await startStack({
      project: 'demo-e2e',
      env: { EXPERIMENT: JSON.stringify(EXPERIMENT) },
      onLine: ({ function: name, severity, message, metric }) => {
        if (severity === 'ERROR') lines.push(`${name}: ${message}`);
        told.push(
          `${new Date().toISOString()} ${name} ${severity} ${message} ${JSON.stringify(metric ?? {})}`,
        );
      },
    });
    stores = openStores(stack);
  }, 90_000);

  beforeEach(({ onTestFailed }) => {
    told = [];
    onTestFailed(() => console.error(told.slice(-200).join('\n')));
  });

  afterAll(async () => {
    await stores?.close();
    await stack?.close();
  });

  test('history trains a model; a click comes back as a recommendation; every event is accounted for', async () => {
    const random = makeRandom(7);
    const products = makeCatalog(7, 1);
    const past = Array.from({ length: 150 }, (_, index) => {
      const shopper = makeShopper(random, products, `past-${index % 60}`);
      return [...visit(random, products, shopper, Date.now() - (index + 1) * 3_600_000)];
    }).flat();
    const history = past.map((event) => JSON.stringify(event)).join('\n');
    await stores.storage
      .bucket(bucketName(stack.project, BUCKETS.inbox))
      .file('history/native/past.ndjson.gz')
      .save(gzipSync(history), { resumable: false });
    await expect
      .poll(async () => settled(await readConservation(stores)), { timeout: 60_000 })
      .toBe(past.length);

    const model = await trainModel(stores, 0, 60_000);
    expect(model.popular.length).toBeGreaterThan(10);

    const ingest = makeIngestClient({ url: stack.ingestUrl, writeKey: stack.writeKey });
    const item = model.popular[0] ?? '';
    const click = {
      event_id: 'click-1',
      event_name: 'view_item',
      anonymous_id: 'visitor-e2e',
      items: [{ item_id: item }],
    };
    const refused = { ...click, event_id: 'bad-1', items: 'none' };
    const denied = { ...click, event_id: 'denied-1', consent: { analytics: false } };
    expect(await ingest.send([click, refused, denied])).toMatchObject({ accepted: 2, rejected: 1 });

    const shown = stores.firestore.collection(COLLECTIONS.recommendations).doc('visitor-e2e');
    await expect
      .poll(async () => (await shown.get()).data(), { timeout: 40_000 })
      .toMatchObject({
        source: 'model',
        model_version: model.model_version,
        trigger: { event_id: 'click-1' },
      });
    const items = (await shown.get()).get('items') as readonly { item_id: string }[];
    expect(items.map(({ item_id }) => item_id)).not.toContain(item);
    await expect
      .poll(() => lineOf(stack, 'click-1', 'push recommendations'), { timeout: 20_000 })
      .toEqual([
        'ingest: POST /v1/events',
        'ingest: publish clickstream-raw',
        'enrich: enrich clickstream-raw',
        'enrich: publish clickstream-enriched',
        'recommend: recommend clickstream-enriched',
        'recommend: publish recommendations',
        'push: push recommendations',
      ]);

    await expect
      .poll(() => readConservation(stores), { timeout: 20_000 })
      .toMatchObject({ warehouse_distinct: past.length + 1, failed: 1, consent_dropped: 1 });
    const [failed] = await stores.bigquery.query(
      `SELECT event_id, function, reason, path FROM \`${DATASET}.failed_events\``,
    );
    expect(failed).toEqual([
      { event_id: 'bad-1', function: 'ingest', reason: 'invalid_event', path: 'items' },
    ]);
    expect(lines).toEqual([]);
  }, 180_000);

  test('a recommendation names its arm, and the order that its click led to is credited to it', async () => {
    const ingest = makeIngestClient({ url: stack.ingestUrl, writeKey: stack.writeKey });
    const names = Array.from({ length: 50 }, (_, index) => `shopper-${index}`);
    const shopper = (arm: string) => names.find((name) => armOf(EXPERIMENT, name).name === arm) ?? '';
    const [treated, control] = [shopper('treatment'), shopper('control')];
    const view = (anonymous_id: string) => ({
      event_name: 'view_item',
      anonymous_id,
      items: [{ item_id: 'sku-0001' }],
    });
    await ingest.send([view(treated), view(control)]);
    const shown = (visitor: string) =>
      stores.firestore.collection(COLLECTIONS.recommendations).doc(visitor).get();
    const armShown = async (visitor: string) => (await shown(visitor)).get('experiment');
    await expect
      .poll(() => armShown(treated), { timeout: 40_000 })
      .toEqual({ name: 'chain-test', arm: 'treatment' });
    await expect
      .poll(() => armShown(control), { timeout: 40_000 })
      .toEqual({ name: 'chain-test', arm: 'control' });
    expect((await shown(control)).get('source')).toBe('popularity');

    const screen = await shown(treated);
    const recommendation_id: unknown = screen.get('recommendation_id');
    const [first] = screen.get('items') as readonly { item_id: string }[];
    const answer = { anonymous_id: treated, recommendation_id, items: [{ item_id: first?.item_id }] };
    const order = {
      ...{ event_name: 'purchase', anonymous_id: treated, transaction_id: 'T1', currency: 'EUR', value: 30 },
      items: [{ item_id: first?.item_id, price: 15, quantity: 2 }],
    };
    await ingest.send([{ ...answer, event_name: 'view_item_list' }]);
    await ingest.send([{ ...answer, event_name: 'select_item' }]);
    await ingest.send([order]);
    const ask = async (sql: string) => (await stores.bigquery.query(sql))[0] as object[];
    await expect
      .poll(() => ask(`SELECT order_id, revenue, recommendation_id, arm FROM ${DATASET}.attribution`), {
        timeout: 20_000,
      })
      .toEqual([{ order_id: 'T1', revenue: 30, recommendation_id, arm: 'treatment' }]);
    await expect
      .poll(
        () =>
          ask(
            `SELECT arm, users, value, difference FROM ${DATASET}.uplift WHERE metric = 'conversion' ORDER BY arm`,
          ),
        { timeout: 20_000 },
      )
      .toEqual([
        { arm: 'control', users: 1, value: 0, difference: null },
        // With the visitor of the test before, who ordered nothing.
        { arm: 'treatment', users: 2, value: 0.5, difference: 0.5 },
      ]);
  }, 120_000);

  test('killed functions lose nothing: their messages come again', async () => {
    const ingest = makeIngestClient({ url: stack.ingestUrl, writeKey: stack.writeKey });
    const events = Array.from({ length: 400 }, (_, index) => ({
      event_id: `storm-${index}`,
      event_name: 'view_item',
      anonymous_id: `storm-${index % 40}`,
      items: [{ item_id: 'sku-0001' }],
    }));
    const sending = Promise.all(
      Array.from({ length: 20 }, (_, part) => ingest.send(events.slice(part * 20, part * 20 + 20))),
    );
    for (const name of ['enrich', 'warehouse']) stack.functions.get(name)?.child.kill('SIGKILL');
    await sending;
    stack.functions.get('enrich')?.child.kill('SIGKILL');
    // Those of the tests before may still be on their way.
    const stored = async () =>
      (
        await stores.bigquery.query(
          `SELECT COUNT(DISTINCT event_id) AS n FROM \`${DATASET}.events\` WHERE STARTS_WITH(event_id, 'storm-')`,
        )
      )[0];
    await expect.poll(stored, { timeout: 90_000 }).toEqual([{ n: events.length }]);
    expect(await readConservation(stores)).toMatchObject({ failed: 1, consent_dropped: 1 });
  }, 120_000);
});

/** The spans above a span of the event's trace, and itself, the root first. */
async function lineOf(stack: Stack, eventId: string, name: string): Promise<readonly string[]> {
  const url = stack.emulators.get('traces')?.url;
  const read = async (path: string) => (await fetch(`${url}${path}`)).json();
  const { traces } = (await read(`/traces?event=${eventId}`)) as { traces: { trace_id: string }[] };
  if (traces.length !== 1) return [];
  const { spans } = (await read(`/traces/${traces[0]?.trace_id}`)) as { spans: readonly StoredSpan[] };
  const line: string[] = [];
  let span = spans.find((each) => each.name === name);
  while (span) {
    line.unshift(`${span.service}: ${span.name}`);
    const { parent_span_id } = span;
    span = spans.find(({ span_id }) => span_id === parent_span_id);
  }
  return line;
}
