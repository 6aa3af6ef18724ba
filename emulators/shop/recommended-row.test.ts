import { expect, test } from 'vitest';
import { NativeEvent } from '../../shared/events.ts';
import { makeCatalog } from './catalog.ts';
import { makeRandom } from './random.ts';
import { makeRecommendedRow } from './recommended-row.ts';

const products = makeCatalog(7);
const [liked] = products;
if (!liked) throw new Error('the shop has no products');
const shopper = { id: 'v1', style: liked.style, categories: [liked.category] };
const others = products.filter(
  ({ style, category }) => style !== shopper.style && !shopper.categories.includes(category),
);

function row(screen: () => unknown, seed = 1) {
  return makeRecommendedRow({
    screen: async () => screen(),
    products,
    random: makeRandom(seed),
    clock: () => 0,
  });
}
const screenOf = (id: string, items: readonly { readonly item_id: string }[]) => ({
  recommendation_id: id,
  items: items.map(({ item_id }) => ({ item_id, score: 1 })),
});

test('a recommendation is seen once, with the items that are visible, as a page would send it', async () => {
  let id = 'r1';
  const { look } = row(() => screenOf(id, others));
  const [seen] = await look(shopper);
  expect(seen).toMatchObject({ event_name: 'view_item_list', anonymous_id: 'v1', recommendation_id: 'r1' });
  expect(seen?.items?.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
  expect(NativeEvent.parse(seen)).toEqual(seen);
  expect(await look(shopper)).toEqual([]);
  id = 'r2';
  expect(await look(shopper)).toMatchObject([{ recommendation_id: 'r2' }]);
});

test('what suits is clicked more often than what does not', async () => {
  const clicks = async (items: readonly { readonly item_id: string }[]): Promise<number> => {
    let count = 0;
    const { look } = row(() => screenOf(`r${count++}`, items));
    let clicked = 0;
    for (let index = 0; index < 400; index += 1) if ((await look(shopper)).length === 2) clicked += 1;
    return clicked;
  };
  const [suiting, foreign] = [await clicks([liked]), await clicks(others.slice(0, 1))];
  expect(suiting).toBeGreaterThan(20);
  expect(foreign).toBeLessThan(15);
});

test.each([undefined, null, {}, { recommendation_id: 'r', items: [] }, { recommendation_id: 7, items: 'x' }])(
  'on a screen that shows %j nobody does anything',
  async (screen) => {
    expect(await row(() => screen).look(shopper)).toEqual([]);
  },
);
