import { expect, it } from 'vitest';
import { NO_LIMITS } from '../test/model/sessions.ts';
import { makeProposer } from './candidates.ts';
import { readCorpus } from './corpus.ts';
import {
  CONTEXT_FEATURES,
  makeFeatureTable,
  makeFeatureWriter,
  ROW_COUNT,
  ROW_FEATURES,
  SEEN_COUNT,
  SEEN_FEATURES,
} from './features.ts';
import { buildKnowledge } from './knowledge.ts';
import { DEFAULT_PARAMETERS } from './parameters.ts';
import { KINDS } from './session.ts';

/** `a` was bought once in four clicks, `b` never. */
const SESSIONS = [
  {
    items: ['a', 'b', 'c'],
    events: ['purchase', 'view_item', 'view_item'],
    categories: ['shoes', 'shoes', ''],
  },
  { items: ['a', 'b'], events: ['view_item', 'view_item'] },
  { items: ['c', 'a', 'b', 'a'], events: ['view_item', 'view_item', 'view_item', 'view_item'] },
];

/** The features of candidate `id` after a session of [id, kind]. */
async function featuresOf(
  id: string,
  session: readonly (readonly [string, number])[],
): Promise<(name: string) => number> {
  const corpus = await readCorpus(SESSIONS, NO_LIMITS);
  const knowledge = buildKnowledge(corpus, SESSIONS.length, DEFAULT_PARAMETERS);
  const prefix = Uint32Array.from(session, ([item]) => corpus.itemIds.indexOf(item));
  const kinds = Uint8Array.from(session, ([, kind]) => kind);
  const proposer = makeProposer(knowledge, DEFAULT_PARAMETERS);
  const candidates = proposer.propose(prefix, session.length);
  const table = makeFeatureTable(proposer.capacity);
  makeFeatureWriter(knowledge, DEFAULT_PARAMETERS)(prefix, kinds, session.length, candidates, table);
  const at = candidates.ids.subarray(0, candidates.size).indexOf(corpus.itemIds.indexOf(id));
  expect(at).toBeGreaterThanOrEqual(0);
  return (name) => {
    if (CONTEXT_FEATURES.includes(name)) return table.context[CONTEXT_FEATURES.indexOf(name)] ?? Number.NaN;
    if (ROW_FEATURES.includes(name))
      return table.rows[at * ROW_COUNT + ROW_FEATURES.indexOf(name)] ?? Number.NaN;
    expect(SEEN_FEATURES).toContain(name);
    return at < table.seenSize
      ? (table.seen[at * SEEN_COUNT + SEEN_FEATURES.indexOf(name)] ?? Number.NaN)
      : 0;
  };
}

it('tells what was put into the cart or bought from what was only seen', async () => {
  const session = [
    ['a', KINDS.view],
    ['b', KINDS.cart],
    ['a', KINDS.purchase],
    ['b', KINDS.view],
  ] as const;
  const a = await featuresOf('a', session);
  const b = await featuresOf('b', session);
  const c = await featuresOf('c', session);
  const wanted = (of: typeof a): readonly number[] => [of('is in the cart or bought'), of('is bought')];
  expect([wanted(a), wanted(b), wanted(c)]).toEqual([
    [1, 1],
    [1, 0],
    [0, 0],
  ]);
  expect(a('the newest is in the cart or bought')).toBe(0);
  const afterCart = await featuresOf('c', [['b', KINDS.cart]]);
  expect(afterCart('the newest is in the cart or bought')).toBe(1);
});

it('draws the share of carts and purchases of an item to the shop’s', async () => {
  const rate = 1 / 9;
  const a = await featuresOf('a', [['c', KINDS.view]]);
  const b = await featuresOf('b', [['c', KINDS.view]]);
  expect(a('share of carts and purchases')).toBeCloseTo((1 + 5 * rate) / (4 + 5), 6);
  expect(b('share of carts and purchases')).toBeCloseTo((5 * rate) / (3 + 5), 6);
});

it('tells what is in the categories of the session', async () => {
  const b = await featuresOf('b', [
    ['a', KINDS.view],
    ['c', KINDS.view],
    ['a', KINDS.view],
  ]);
  const c = await featuresOf('c', [['a', KINDS.view]]);
  const of = (feature: typeof b): readonly number[] => [
    feature('is in the category of the newest'),
    feature('share of the session in its category'),
  ];
  expect(of(b)).toEqual([1, 2 / 3]); // a and b are shoes
  expect(of(c)).toEqual([0, 0]); // c has no category
});

it('describes how the session returns to items', async () => {
  const session = [
    ['a', KINDS.view],
    ['b', KINDS.view],
    ['b', KINDS.view],
    ['c', KINDS.view],
    ['a', KINDS.view],
  ] as const;
  const a = await featuresOf('a', session);
  const b = await featuresOf('b', session);
  const c = await featuresOf('c', session);
  const each = (name: string): readonly number[] => [a(name), b(name), c(name)];
  expect(each('followed the newest before')).toEqual([0, 1, 0]);
  expect(each('ln distinct items since')).toEqual([0, Math.log(3), Math.log(2)]);
  expect(each('share of its clicks right after itself')).toEqual([0, 1 / 2, 0]);
  expect(each('the newest was seen before')).toEqual([1, 1, 1]);
  expect(each('share of clicks right after the same item')).toEqual([1 / 5, 1 / 5, 1 / 5]);
  const other = await featuresOf('b', [['b', KINDS.view]]);
  expect(other('share of clicks right after the same item')).toBe(0);
  expect(other('the newest was seen before')).toBe(0);
});

it('describes where in the session a candidate stands', async () => {
  const session = [
    ['a', KINDS.view],
    ['b', KINDS.view],
    ['a', KINDS.view],
  ] as const;
  const a = await featuresOf('a', session);
  const b = await featuresOf('b', session);
  const c = await featuresOf('c', session);
  expect([a('seen'), b('seen'), c('seen')]).toEqual([1, 1, 0]);
  expect([a('is newest'), b('is second newest'), b('is newest')]).toEqual([1, 1, 0]);
  expect([a('share of the session'), a('ln times seen')]).toEqual([2 / 3, Math.log(2)]);
  expect([a('is first'), b('is first')]).toEqual([1, 0]);
  for (const of of [a, b, c]) expect(of('ln length')).toBeCloseTo(Math.log(3), 12);
});
