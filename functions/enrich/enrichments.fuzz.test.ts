import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EnrichedEvent, RawEvent } from '../../shared/events.ts';
import { applyEnrichments } from './enrichments.ts';
import { canonicalEventName } from './event-names.ts';
import { NOW, rawEvent, SETTINGS } from './fixtures.ts';
import { redactEmails } from './personal-data.ts';
import { clean } from './text.ts';
import { cleanUrl } from './urls.ts';

const text = fc.oneof(
  { weight: 9, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
  { weight: 1, arbitrary: fc.constantFrom('constructor', '__proto__', 'toString', 'hasOwnProperty') },
);
const url = fc.oneof(
  text,
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc.webPath().map((p) => `/${p}`),
);

test('cleaning again changes nothing, and leaves well-formed text', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(clean(clean(value))).toBe(clean(value));
      expect(clean(value).isWellFormed()).toBe(true);
    }),
  );
});

test('a cleaned URL is clean', () => {
  fc.assert(
    fc.property(url, (value) => {
      const found = cleanUrl(value);
      if (found) expect(cleanUrl(found.url)?.url).toBe(found.url);
    }),
  );
});

test('no e-mail address survives', () => {
  fc.assert(
    fc.property(text, fc.emailAddress(), text, (before, email, after) => {
      const address = email.replace(/[^a-z0-9.@-]/gi, 'x');
      expect(redactEmails(`${before} ${address} ${after}`)).not.toContain(address);
    }),
  );
});

test('an event name is canonical at once', () => {
  fc.assert(
    fc.property(text, (name) => {
      const canonical = canonicalEventName(name);
      expect(typeof canonical).toBe('string');
      expect(canonical).not.toBe('');
      expect(canonicalEventName(canonical)).toBe(canonical);
    }),
  );
});

test('whatever the schema lets in comes out as the schema says', () => {
  const fields = fc.record(
    {
      event_name: text,
      session_id: text,
      search_term: text,
      currency: fc.constantFrom('eur', 'USD'),
      value: fc.double({ min: -1e12, max: 1e12, noNaN: true }),
      items: fc.array(
        fc.record({ item_id: text, item_name: text, price: fc.double({ min: -10, max: 1e12, noNaN: true }) }),
        {
          maxLength: 3,
        },
      ),
      page: fc.record({ url, referrer: url, title: text }),
      traits: fc.dictionary(text, fc.oneof(text, fc.integer())),
      properties: fc.dictionary(text, fc.jsonValue({ maxDepth: 2 })),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fields, text, (given, agent) => {
      const raw = RawEvent.safeParse(rawEvent({ ...given, collector: { user_agent: agent } } as never));
      if (!raw.success) return;
      const source = { raw: raw.data, products: new Map(), settings: SETTINGS };
      const event = applyEnrichments(source, new Date(NOW).toISOString());
      expect(EnrichedEvent.safeParse({ ...event, session_id: 's' }).error).toBeUndefined();
    }),
    { numRuns: 300 },
  );
});
