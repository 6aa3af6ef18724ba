import { describe, expect, test, vi } from 'vitest';
import { documentId } from '../../../shared/ids.ts';
import { documentIdOf } from '../live/document-id.ts';
import { type RelatedLists, readRelatedLists } from '../live/related-lists.ts';
import { makeCatalog } from './catalog.ts';
import { makeRelated } from './related.ts';

const lamp = { title: 'Lamp', category: 'Lamps', price: 9 };
const catalog = makeCatalog([
  ...Array.from({ length: 9 }, (_, at) => ({ ...lamp, item_id: `lamp-${at}` })),
  { ...lamp, item_id: 'sold-out', in_stock: false },
  { ...lamp, item_id: 'chair', category: 'Chairs' },
  { ...lamp, item_id: 'rug', category: 'Rugs' },
  { ...lamp, item_id: 'vase', category: 'Decor' },
]);
const product = (id: string) => {
  const found = catalog.find(id);
  if (!found) throw new Error(`there is no ${id}`);
  return found;
};
const relatedBy = (lists: Readonly<Record<string, RelatedLists>>) => {
  const read = vi.fn(async (id: string) => lists[id]);
  return { ...makeRelated({ catalog, read }), read };
};
const ids = (products: readonly { readonly item_id: string }[]) => products.map(({ item_id }) => item_id);

describe('similar products', () => {
  test('are the model’s that can be bought, then more of the department', async () => {
    const { similar } = relatedBy({
      'lamp-0': { similar: ['vase', 'sold-out', 'unknown', 'lamp-0', 'lamp-5', 'vase'], together: [] },
    });
    expect(ids(await similar(product('lamp-0')))).toEqual([
      'vase',
      'lamp-5',
      'lamp-1',
      'lamp-2',
      'lamp-3',
      'lamp-4',
    ]);
  });

  test('are of the department where the model says nothing, or cannot be asked', async () => {
    const expected = ['lamp-1', 'lamp-2', 'lamp-3', 'lamp-4', 'lamp-5', 'lamp-6'];
    expect(ids(await relatedBy({}).similar(product('lamp-0')))).toEqual(expected);
    const offline = makeRelated({ catalog, read: async () => Promise.reject(new Error('offline')) });
    expect(ids(await offline.similar(product('lamp-0')))).toEqual(expected);
    expect(ids(await relatedBy({}).similar(product('chair')))).toEqual([]);
  });
});

describe('what goes together', () => {
  const lists = {
    chair: { similar: [], together: ['rug', 'vase', 'lamp-1'] },
    'lamp-1': { similar: [], together: ['vase', 'chair', 'sold-out'] },
  };

  test('is what more products of the cart lead to, and none of them', async () => {
    const { together } = relatedBy(lists);
    expect(ids(await together([product('chair'), product('lamp-1')]))).toEqual(['vase', 'rug']);
    expect(ids(await together([product('chair')]))).toEqual(['rug', 'vase', 'lamp-1']);
    expect(await together([product('lamp-3')])).toEqual([]);
    expect(await together([])).toEqual([]);
  });

  test('is asked for once, but again where there was no answer', async () => {
    const { together, read } = relatedBy(lists);
    for (let times = 0; times < 3; times++) await together([product('chair'), product('lamp-3')]);
    expect(read.mock.calls.flat()).toEqual(['chair', 'lamp-3', 'lamp-3', 'lamp-3']);
  });
});

describe('a document of lists', () => {
  test('is where the pipeline puts it', async () => {
    for (const id of ['sku-0040', 'a/b', '.', '__x__', 'Größe 42', '🪑', '', 'x'.repeat(129)])
      expect(await documentIdOf(id)).toBe(documentId(id));
  });

  test('says nothing where it has another form', () => {
    expect(readRelatedLists(undefined)).toBeUndefined();
    expect(readRelatedLists({ similar: 'hat', together: [1, 'hat', null] })).toEqual({
      similar: [],
      together: ['hat'],
    });
  });
});
