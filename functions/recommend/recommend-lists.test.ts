import { describe, expect, test } from 'vitest';
import { customer, enrichedEvent, viewed } from './fixtures.ts';
import { ranked, setUp } from './recommend-fixtures.ts';

describe('the lists of recommend', () => {
  test('a list that filters leave short is filled up from what is popular, then from the catalogue', async () => {
    const { onEvents, published } = setUp({
      predict: () => ranked('shoe', 'gone', 'secret', 'belt'),
      length: 5,
      products: [
        { item_id: 'gone', title: 'Gone', in_stock: false },
        { item_id: 'secret', title: 'Secret', hidden: true },
        { item_id: 'scarf', title: 'Scarf', in_stock: false },
      ],
      assortment: [
        { item_id: 'glove', title: 'Glove' },
        { item_id: 'sock', title: 'Sock' },
        { item_id: 'shirt', title: 'Shirt' },
        { item_id: 'tie', title: 'Tie' },
      ],
    });
    const carted = { ...viewed('sock', 30), event_name: 'add_to_cart' };
    await onEvents([enrichedEvent({ customer: customer({ recent_items: [viewed('shoe'), carted] }) })]);
    expect(published[0]?.made[0]?.items).toMatchObject([
      { item_id: 'belt', why: { kind: 'viewed' } },
      { item_id: 'glove', reason: 'Popular right now', why: { kind: 'popular' } },
      { item_id: 'shirt' },
      { item_id: 'tie' },
    ]);
  });

  test('only allowed categories are shown, in the fill as well', async () => {
    const { onEvents, asked, shown } = setUp({
      predict: () => ranked('belt', 'scarf'),
      categories: ['Wool'],
      products: [
        { item_id: 'belt', title: 'Belt', category: 'Leather' },
        { item_id: 'scarf', title: 'Scarf', category: 'Wool' },
      ],
      assortment: [
        { item_id: 'boot', title: 'Boot', category: 'Leather' },
        { item_id: 'sock', title: 'Sock', category: 'Wool' },
      ],
    });
    await onEvents([enrichedEvent()]);
    expect(asked[0]?.instances[0]?.categories).toEqual(['Wool']);
    expect(shown()).toEqual([['scarf', 'sock']]);
  });

  test('the model is told of tastes, the place, and new products that suit', async () => {
    const { onEvents, asked } = setUp({
      assortment: [
        { item_id: 'new-hat', title: 'Hat', category: 'Hats', brand: 'Own', price: 9 },
        { item_id: 'new-pan', title: 'Pan', category: 'Kitchen' },
      ],
    });
    const affinities = [{ category: 'Hats', score: 3 }];
    await onEvents([enrichedEvent({ customer: customer({ affinities }), geo: { country: 'DE' } })]);
    expect(asked[0]?.instances[0]).toMatchObject({
      interests: ['Hats'],
      country: 'DE',
      fresh: [{ item_id: 'new-hat', category: 'Hats', brand: 'Own', price: 9 }],
    });
  });

  test('an assortment that cannot be read is done without', async () => {
    const { onEvents, shown, lines } = setUp({ assortment: new Error('Firestore is away') });
    await onEvents([enrichedEvent()]);
    expect(shown()).toEqual([['belt', 'scarf', 'glove']]);
    expect(lines.join()).toContain('Firestore is away');
  });
});
