import { makeEnrich } from '../../functions/enrich/enrich.ts';
import { makeMemoryProfiles } from '../../functions/enrich/history/memory-profiles.ts';
import type { RawEvent } from '../../shared/events.ts';
import { silentLogger } from '../../shared/log.ts';
import { TOPICS } from '../../shared/pipeline.ts';

/** `node infra/cost/measure.ts`: bytes of events, and processor time of enrich's core, for assumptions.ts. */
const EVENTS = 20_000;
const BATCH = 100;

const raw = (index: number): RawEvent => ({
  event_id: `0197a2c4-5b1e-7c3a-9f00-${String(index).padStart(12, '0')}`,
  event_name: index % 8 === 0 ? 'add_to_cart' : 'view_item',
  event_time: new Date(Date.now() - 500).toISOString(),
  anonymous_id: `0197a2c4-0000-7000-8000-${String(index % 500).padStart(12, '0')}`,
  items: [
    {
      item_id: `sku-${index % 1000}`,
      item_name: 'Running shoe, blue',
      item_brand: 'Acme',
      item_category: 'Shoes/Running',
      price: 89.95,
      quantity: 1,
    },
  ],
  value: 89.95,
  currency: 'EUR',
  page: {
    url: `https://www.shop.example/shoes/running/sku-${index % 1000}?utm_source=newsletter&utm_medium=email`,
    referrer: 'https://www.google.com/',
    title: 'Running shoe, blue | Shop',
  },
  consent: { analytics: true, personalization: true },
  collector: {
    received_at: new Date().toISOString(),
    protocol: 'native',
    origin: 'live',
    ip: '203.0.113.0',
    user_agent:
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36',
    country: 'DE',
  },
});

let bytes = 0;
let rowBytes = 0;
const { handle } = makeEnrich({
  identity: { name: 'enrich', version: 'measure' },
  settings: {
    pseudonymKey: 'a-key-to-measure-with',
    consentDefault: { analytics: true, personalization: true },
    maxAgeMs: 1826 * 86_400_000,
  },
  profiles: makeMemoryProfiles(),
  catalog: { products: async () => new Map() },
  publisher: {
    publish: async (_topic, events) => {
      bytes += Buffer.byteLength(JSON.stringify(events));
      rowBytes += Buffer.byteLength(
        JSON.stringify(events, (key, value) => (key === 'customer' ? undefined : value)),
      );
    },
  },
  clock: Date.now,
  sleep: async () => undefined,
  random: Math.random,
});
const events = Array.from({ length: EVENTS }, (_, index) => raw(index));
const before = process.cpuUsage();
for (let from = 0; from < EVENTS; from += BATCH) {
  await handle(events.slice(from, from + BATCH), {
    topic: TOPICS.raw,
    messageId: '1',
    publishTime: new Date().toISOString(),
    attributes: {},
    outgoing: {},
    log: silentLogger,
  });
}
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  `${JSON.stringify({
    raw_bytes: Math.round(Buffer.byteLength(JSON.stringify(events)) / EVENTS),
    enriched_bytes: Math.round(bytes / EVENTS),
    row_bytes: Math.round(rowBytes / EVENTS),
    cpu_us_per_event: Math.round((user + system) / EVENTS),
  })}\n`,
);
