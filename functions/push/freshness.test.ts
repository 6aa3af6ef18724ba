import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { at, recommendation } from './fixtures.ts';
import { freshnessOf, isNewer, newestPerVisitor } from './freshness.ts';

describe('isNewer', () => {
  it.each([
    ['a later trigger', [2, 0], [1, 9], true],
    ['an earlier trigger, however late its answer', [1, 9], [2, 0], false],
    ['the same trigger, answered later', [1, 2], [1, 1], true],
    ['the same trigger, answered earlier', [1, 1], [1, 2], false],
    ['the same', [1, 1], [1, 1], false],
  ] as const)('%s: %j against %j', (_case, [aEvent, aAnswer], [bEvent, bAnswer], expected) => {
    const a = { eventTime: aEvent, generatedAt: aAnswer };
    expect(isNewer(a, { eventTime: bEvent, generatedAt: bAnswer })).toBe(expected);
  });
});

test('the newest of each visitor does not depend on the order of arrival', () => {
  const one = fc
    .tuple(
      fc.constantFrom('ada', 'bob', 'cy'),
      fc.integer({ min: -5, max: 5 }),
      fc.integer({ min: 0, max: 5 }),
    )
    .map(([visitor, event, answer]) => recommendation(visitor, event, { generated_at: at(answer) }));
  fc.assert(
    fc.property(fc.array(one, { maxLength: 20 }), (list) => {
      const newest = newestPerVisitor(list);
      const reversed = newestPerVisitor(list.toReversed());
      for (const each of list) {
        const kept = newest.get(each.visitor_id);
        if (!kept) throw new Error(`${each.visitor_id} is lost`);
        expect(isNewer(freshnessOf(each), freshnessOf(kept))).toBe(false);
        expect(freshnessOf(reversed.get(each.visitor_id) ?? each)).toEqual(freshnessOf(kept));
      }
    }),
  );
});
