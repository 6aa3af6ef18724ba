import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readShownList, type ShownList } from '../live/shown-list.ts';
import { makeCatalog } from '../shop/catalog.ts';
import { type RowState, viewOf } from './view.ts';

const catalog = makeCatalog([
  { item_id: 'a', title: 'Oak Chair', category: 'Chairs', price: 10, currency: 'EUR' },
  { item_id: 'b', title: 'Ink Lamp', category: 'Lamps', price: 20, currency: 'EUR' },
]);
const document = {
  recommendation_id: 'r-1',
  generated_at: '2026-01-01T00:00:00.000Z',
  items: [
    { item_id: 'b', score: 1, reason: 'Like Oak Chair' },
    {
      item_id: 'z',
      score: 0.5,
      reason: 'Popular right now',
      title: 'Not in the file yet',
      price: 3,
      currency: 'EUR',
    },
  ],
  source: 'model',
  model_version: 'v7',
  trigger: { event_id: 'e-1' },
};
const list = readShownList(document) as ShownList;
const state: RowState = {
  choice: { analytics: true, personalization: true },
  list,
  reachable: true,
  sinceClickMs: 83.6,
};

describe('what the row says', () => {
  test('the visitor’s own list, with why, and how soon it came', () => {
    expect(viewOf(state, catalog)).toEqual({
      source: 'model',
      heading: 'For you',
      note: 'Picked 84 ms after your click by model v7',
      recommendationId: 'r-1',
      items: [
        {
          item_id: 'b',
          title: 'Ink Lamp',
          category: 'Lamps',
          price: 20,
          currency: 'EUR',
          reason: 'Like Oak Chair',
        },
        {
          item_id: 'z',
          title: 'Not in the file yet',
          category: undefined,
          price: 3,
          currency: 'EUR',
          reason: 'Popular right now',
        },
      ],
    });
    expect(viewOf({ ...state, sinceClickMs: undefined }, catalog).note).toBe('Picked by model v7');
  });

  test('a list that is not personal is not called so', () => {
    const popular = viewOf({ ...state, list: { ...list, source: 'popularity' } }, catalog);
    expect(popular).toMatchObject({ source: 'popularity', heading: 'Popular right now' });
    expect(popular.note).toContain('Not picked for you');
  });

  test.each<[string, Partial<RowState>, string, string]>([
    ['not asked yet', { choice: undefined, list: undefined }, 'From the shop', 'Allow personal picks'],
    [
      'refused, though a list was there',
      { choice: { analytics: true, personalization: false } },
      'From the shop',
      'Personal picks are off',
    ],
    ['not reached', { list: undefined, reachable: false }, 'From the shop', 'cannot be reached'],
    ['nothing looked at', { list: undefined }, 'For you', 'Look at something you like'],
  ])('%s', (_name, change, heading, note) => {
    const view = viewOf({ ...state, ...change }, catalog);
    expect(view).toMatchObject({ source: 'own', heading });
    expect(view.note).toContain(note);
    expect(view.items.map(({ item_id }) => item_id).sort()).toEqual(['a', 'b']);
    expect(view.recommendationId).toBeUndefined();
  });
});

describe('documents of another form', () => {
  test.each([
    undefined,
    null,
    7,
    {},
    { items: [] },
    { ...document, items: [] },
    { ...document, items: [{ id: 'x' }] },
    { ...document, recommendation_id: 1 },
  ])('%j is no list', (data) => {
    expect(readShownList(data)).toBeUndefined();
  });

  test('anything is a list or none, and never throws', () => {
    fc.assert(
      fc.property(fc.anything(), fc.array(fc.anything()), (data, items) => {
        for (const candidate of [
          data,
          { ...document, items },
          { ...document, trigger: data, source: data },
        ]) {
          const read = readShownList(candidate);
          if (read)
            expect(
              read.items.every(
                ({ item_id, reason }) => typeof item_id === 'string' && typeof reason === 'string',
              ),
            ).toBe(true);
        }
      }),
    );
  });
});
