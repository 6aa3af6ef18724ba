import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  HISTORY_LENGTH,
  type HistoryEvent,
  joinEvents,
  joinProfiles,
  NOBODY,
  type Profile,
} from './profile.ts';
import { decodeProfile, encodeProfile } from './profile-codec.ts';

const line = fc.record(
  {
    item_id: fc.string({ minLength: 1, maxLength: 4 }),
    category: fc.string({ minLength: 1, maxLength: 4 }),
    quantity: fc.integer({ min: 1, max: 9 }),
    value: fc.double({ min: 0.01, max: 99, noNaN: true }),
  },
  { requiredKeys: ['item_id'] },
);
/** Few ids and times, so that equal ids with unequal content, and ties in time, are common. */
const event: fc.Arbitrary<HistoryEvent> = fc.record({
  event_id: fc.integer({ min: 0, max: 300 }).map((n) => `e${n}`),
  at: fc.integer({ min: 0, max: 400 }),
  event_name: fc.constantFrom('view_item', 'purchase'),
  items: fc.array(line, { maxLength: 2 }),
});
const events = fc.oneof(
  fc.array(event, { maxLength: 8 }),
  fc.array(event, { minLength: 150, maxLength: 400 }),
);
const history = events.map((list) => joinEvents([], list));
const spans = fc.array(
  fc
    .record({ id: fc.uuid(), start: fc.nat(1e6), end: fc.nat(1e6) })
    .map(({ id, start, end }) => ({ id, start, end: start + end })),
  { maxLength: 5 },
);
const profile: fc.Arbitrary<Profile> = fc
  .record({
    first_seen: fc.integer({ min: 0, max: 1e12 }),
    events: history,
    sessions: spans,
    link: fc.option(fc.record({ user_key: fc.string({ minLength: 1 }), at: fc.nat() }), { nil: undefined }),
  })
  .map(({ link, ...rest }) => (link === undefined ? rest : { ...rest, link }));

describe('joinEvents is the join of a semilattice', () => {
  test('commutative', () => {
    fc.assert(
      fc.property(history, history, (a, b) => {
        expect(joinEvents(a, b)).toEqual(joinEvents(b, a));
      }),
    );
  });

  test('associative', () => {
    fc.assert(
      fc.property(history, history, history, (a, b, c) => {
        expect(joinEvents(joinEvents(a, b), c)).toEqual(joinEvents(a, joinEvents(b, c)));
      }),
    );
  });

  test('idempotent', () => {
    fc.assert(
      fc.property(history, (a) => {
        expect(joinEvents(a, a)).toEqual(a);
      }),
    );
  });

  test('a history is a function of the set of events: not of order, batches or repetition', () => {
    const deliveries = events.chain((set) =>
      fc.tuple(
        fc.constant(set),
        fc.shuffledSubarray([...set, ...set], { minLength: set.length * 2 }),
        fc.integer({ min: 1, max: 50 }),
      ),
    );
    fc.assert(
      fc.property(deliveries, ([set, delivered, batch]) => {
        let joined: readonly HistoryEvent[] = [];
        for (let from = 0; from < delivered.length; from += batch) {
          joined = joinEvents(joined, delivered.slice(from, from + batch));
        }
        expect(joined).toEqual(joinEvents([], set));
      }),
    );
  });

  test('keeps the newest, each id once', () => {
    fc.assert(
      fc.property(events, (set) => {
        const kept = joinEvents([], set);
        expect(new Set(kept.map(({ event_id }) => event_id)).size).toBe(kept.length);
        expect(kept.length).toBe(Math.min(HISTORY_LENGTH, new Set(set.map(({ event_id }) => event_id)).size));
        expect(kept.map(({ at }) => at)).toEqual(kept.map(({ at }) => at).toSorted((a, b) => b - a));
      }),
    );
  });
});

test('first_seen of joined profiles is the least, and nobody is the neutral element', () => {
  fc.assert(
    fc.property(profile, profile, (a, b) => {
      expect(joinProfiles(a, b).first_seen).toBe(Math.min(a.first_seen, b.first_seen));
      expect(joinProfiles(a, NOBODY)).toEqual(a);
    }),
  );
});

test('a profile survives its document', () => {
  fc.assert(
    fc.property(profile, (original) => {
      expect(decodeProfile({ ...encodeProfile('somebody', original) })).toEqual(original);
    }),
  );
});

test('whatever a document holds, it reads as a profile', () => {
  const text = fc.oneof(fc.string(), fc.json());
  fc.assert(
    fc.property(
      fc.record({ history: text, sessions: text, first_seen: text, linked_to: text, linked_at: text }),
      (document) => {
        const read = decodeProfile(document);
        expect(Array.isArray(read.events) && Array.isArray(read.sessions)).toBe(true);
      },
    ),
  );
});
