import { createHash, createHmac } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { type Context, createContext, runInContext } from 'node:vm';
import { parse } from 'acorn';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeEnrich } from '../../functions/enrich/enrich.ts';
import { batchContext, fakeCatalog, fakePublisher, NOW, SETTINGS } from '../../functions/enrich/fixtures.ts';
import { makeMemoryProfiles } from '../../functions/enrich/history/memory-profiles.ts';
import type { EnrichedEvent, RawEvent } from '../../shared/events.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { bundleUdf } from './bundle.ts';
import { makeEs5Engine } from './es5-engine.ts';
import { hmacSha256Hex, sha256Hex, utf8 } from './sha256.ts';

const EVENTS = 10_000;
/** In the engine of 2009, where each takes some ten milliseconds. */
const OLD_EVENTS = 300;
const AGENTS = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'okhttp/4.9',
  '',
];
const URLS = [
  'https://www.shop.example/shoes?size=9&utm_source=news&utm_medium=email&token=secret#top',
  'https://shop.example/p/1?gclid=abc&email=a%40b.example',
  '/cart?name=ada&ref=x',
  'https://user:pass@shop.example:8443/a/../b?q=%C3%A4',
  'javascript:alert(1)',
  'not a url',
];
const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constantFrom('ada@mail.example', 'Grüße', 'a\u0000b'),
);
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const iso = (range: number) =>
  fc.integer({ min: -range, max: range }).map((offset) => new Date(NOW + offset).toISOString());

const raws: fc.Arbitrary<RawEvent> = fc
  .record({
    event_id: fc.uuid(),
    event_name: fc.constantFrom(
      'view_item',
      'Product Viewed',
      'addToCart',
      'purchase',
      '***',
      'eigenes Ereignis',
    ),
    event_time: iso(3 * 86_400_000),
    anonymous_id: fc.constantFrom('v1', 'v2', 'v3'),
    user_id: optional(fc.constantFrom('Ada@Shop.example', '42')),
    session_id: optional(fc.constant('own')),
    value: optional(fc.double({ noNaN: true, noDefaultInfinity: true })),
    currency: optional(fc.constantFrom('eur', 'USD')),
    search_term: optional(text),
    items: optional(
      fc.array(
        fc.record({
          item_id: fc.constantFrom('a', 'b'),
          price: fc.double({ min: -1, max: 1e3, noNaN: true }),
        }),
        {
          maxLength: 3,
        },
      ),
    ),
    page: optional(
      fc.record({ url: fc.constantFrom(...URLS), referrer: fc.constantFrom(...URLS), title: text }),
    ),
    traits: optional(fc.dictionary(fc.constantFrom('email', 'plan', 'first_name'), text)),
    properties: optional(
      fc.dictionary(text, fc.oneof(text, fc.integer(), fc.boolean(), fc.array(text, { maxLength: 2 }))),
    ),
    consent: optional(fc.record({ analytics: fc.boolean(), personalization: fc.boolean() })),
    collector: fc.record({
      received_at: fc.constant(new Date(NOW).toISOString()),
      sent_at: optional(iso(60_000)),
      protocol: fc.constant('native'),
      origin: fc.constant('live' as const),
      user_agent: fc.constantFrom(...AGENTS),
      country: fc.constantFrom('DE', 'zz', ''),
    }),
  })
  .map((raw) => JSON.parse(JSON.stringify(raw)) as RawEvent);

type Transform = (message: string) => string | undefined;

describe('the Dataflow UDF', () => {
  let script: string;
  beforeAll(async () => {
    script = await bundleUdf(SETTINGS);
  }, 60_000);
  const transformIn = (engine: Context): Transform => {
    runInContext(script, engine);
    return runInContext('transform', engine) as Transform;
  };

  it('is ECMAScript 5 by its syntax', () => {
    expect(() => parse(script, { ecmaVersion: 5 })).not.toThrow();
    expect(() => parse('const a = 1', { ecmaVersion: 5 })).toThrow();
  });

  it.each([
    { count: EVENTS, where: 'an engine with nothing but the language', engine: bareEngine },
    { count: OLD_EVENTS, where: 'one with nothing but ECMAScript 5', engine: makeEs5Engine },
  ])('agrees with enrich on $count events in $where', { timeout: 120_000 }, async ({ count, engine }) => {
    const transform = transformIn(engine());
    const events = fc.sample(raws, { numRuns: count, seed: 42 });
    const { publisher, on } = fakePublisher();
    const enrich = makeEnrich({
      identity: { name: 'enrich', version: 'test' },
      settings: SETTINGS,
      profiles: makeMemoryProfiles(),
      catalog: fakeCatalog(),
      publisher,
      clock: () => NOW,
      sleep: async () => undefined,
      random: () => 0.5,
    });
    await enrich.handle(events, batchContext());
    const made = new Map(
      (on(TOPICS.enriched) as readonly EnrichedEvent[]).map((event) => [event.event_id, event]),
    );
    let rows = 0;
    for (const raw of events) {
      const row = transform(JSON.stringify({ events: [raw] }));
      const event = made.get(raw.event_id);
      if (row === undefined || event === undefined) {
        expect([row, event], JSON.stringify(raw)).toEqual([undefined, undefined]);
        continue;
      }
      rows += 1;
      const [ours, theirs] = [comparable(JSON.parse(row)), comparable(onTheWire(asRow(event)))];
      // Told by `expect` only where they differ: ten thousand reports would take longer than the work.
      if (!isDeepStrictEqual(ours, theirs)) expect(ours, JSON.stringify(raw)).toEqual(theirs);
    }
    expect(rows).toBeGreaterThan(count / 2);
  });

  it('takes a bare event, and refuses a message of several by name', () => {
    const transform = transformIn(bareEngine());
    const [raw] = fc.sample(raws, { numRuns: 1, seed: 1 });
    const allowed = { ...raw, consent: { analytics: true, personalization: false } };
    expect(JSON.parse(transform(JSON.stringify(allowed)) ?? '{}')).toMatchObject({ event_id: raw?.event_id });
    expect(() => transform(JSON.stringify({ events: [allowed, allowed] }))).toThrow(/2 events.*singly/);
  });
});

it('hashes as Node does, whatever the text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ maxLength: 100 }),
      (value, key) => {
        expect(sha256Hex(utf8(value))).toBe(createHash('sha256').update(value).digest('hex'));
        expect(hmacSha256Hex(utf8(key), utf8(value))).toBe(
          createHmac('sha256', key).update(value).digest('hex'),
        );
      },
    ),
  );
});

function bareEngine(): Context {
  const engine = createContext({});
  runInContext('delete globalThis.WebAssembly; delete globalThis.console;', engine);
  return engine;
}

/** A row as the warehouse has it: JSON columns as text, the customer left to a join. */
function asRow({ customer, traits, properties, ...columns }: EnrichedEvent): Record<string, unknown> {
  return {
    ...columns,
    ...(traits === undefined ? {} : { traits: JSON.stringify(traits) }),
    ...(properties === undefined ? {} : { properties: JSON.stringify(properties) }),
  };
}

/** As it is when it has been published: -0 is 0. */
function onTheWire(row: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(row)) as Record<string, unknown>;
}

/** Without the time of enrichment, and what comes of the profile, which the UDF cannot see: session, and person of a device. */
function comparable(row: Record<string, unknown>): Record<string, unknown> {
  const { enriched_at, session_id, user_key, ...rest } = row;
  const { personalization } = row.consent as { readonly personalization: boolean };
  if (!personalization) return { ...rest, session_id, user_key };
  return session_id === 'own' ? { ...rest, session_id } : rest;
}
