import { describe, expect, it } from 'vitest';
import { aisleSessions } from '../test/model/sessions.ts';
import { type Artifact, withShelves } from './artifact.ts';
import { buildModel } from './build.ts';
import { Instance, type InstanceInput } from './protocol.ts';
import { makeRecommender } from './recommender.ts';

const START = Date.UTC(2026, 10, 21, 9);

/** Items of a session, newest first, a minute apart. */
function clicks(...ids: readonly string[]): Instance['items'] {
  return ids.map((item_id, at) => ({
    item_id,
    event_name: 'view_item',
    event_time: new Date(START - at * 60_000).toISOString(),
  }));
}

function instance(items: Instance['items'], rest: Partial<InstanceInput> = {}): Instance {
  return Instance.parse({ items, ...rest });
}

const models: Record<string, Promise<Artifact>> = {
  popularity: buildModel(aisleSessions(5)),
  vstan: buildModel(aisleSessions(60)),
  learned: buildModel(aisleSessions(1500)),
};

describe.each(Object.keys(models))('a model by %s', (name) => {
  const recommend = async (asked: Instance) => makeRecommender((await models[name]) as Artifact)(asked);

  it('lists as many items as asked for, each once, none excluded, not the one being looked at', async () => {
    const { items } = await recommend(
      instance(clicks('a1-3', 'a1-2'), { exclude: ['a1-4', 'a1-5', 'nothing'], limit: 15 }),
    );
    const ids = items.map((item) => item.item_id);
    expect(ids).toHaveLength(15);
    expect(new Set(ids).size).toBe(15);
    for (const left of ['a1-3', 'a1-4', 'a1-5']) expect(ids).not.toContain(left);
    const scores = items.map((item) => item.score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  it.each([
    ['an empty session', []],
    ['unknown items', clicks('new-1', 'new-2')],
  ])('answers %s from popularity, without reasons', async (_name, items) => {
    const prediction = await recommend(instance(items, { limit: 5 }));
    expect(prediction.source).toBe('popularity');
    expect(prediction.items).toHaveLength(5);
    expect(prediction.items.every(({ reason }) => reason.kind === 'popular')).toBe(true);
  });

  it('lists what is left when nearly all is excluded', async () => {
    const all = ((await models[name]) as Artifact).itemIds;
    const { items } = await recommend(instance([], { exclude: all.slice(0, -3) as string[] }));
    expect(items.map((item) => item.item_id).sort()).toEqual(all.slice(-3).sort());
  });

  it('answers the same to the same question', async () => {
    const asked = instance(clicks('a1-3', 'a1-2'));
    const first = await recommend(asked);
    await recommend(instance(clicks('a2-3')));
    expect(await recommend(asked)).toEqual(first);
  });
});

describe('a learned model', () => {
  it('stays in the aisle and says which click led to each item', async () => {
    const recommend = makeRecommender((await models.learned) as Artifact);
    const { source, items } = recommend(instance(clicks('a1-12', 'a1-11', 'a1-10'), { limit: 3 }));
    expect(source).toBe('model');
    for (const { item_id, reason } of items) {
      expect(item_id).toMatch(/^a1-/);
      expect(['a1-12', 'a1-11', 'a1-10']).toContain(reason.item_id);
      expect(reason.kind).toBe('viewed');
    }
  });

  it('forgets a session that ended before this one began', async () => {
    const recommend = makeRecommender((await models.learned) as Artifact);
    const now = clicks('a1-12');
    const before = [
      { item_id: 'a2-5', event_name: 'view_item', event_time: new Date(START - 3_600_000).toISOString() },
    ];
    expect(recommend(instance([...now, ...before]))).toEqual(recommend(instance(now)));
  });

  it('goes back to earlier sessions where this one has nothing known', async () => {
    const recommend = makeRecommender((await models.learned) as Artifact);
    const before = {
      item_id: 'a2-5',
      event_name: 'view_item',
      event_time: new Date(START - 3_600_000).toISOString(),
    };
    expect(recommend(instance([...clicks('new'), before], { limit: 3 })).items[0]?.reason).toEqual({
      kind: 'viewed',
      item_id: 'a2-5',
    });
  });
});

/** Categories by aisle, prices by place; item 0 of each aisle is the brand `Own`. */
async function shelved(): Promise<Artifact> {
  const artifact = (await models.learned) as Artifact;
  return withShelves(artifact, {
    items: artifact.itemIds.map((item_id) => {
      const [aisle = '', place = ''] = item_id.split('-');
      return { item_id, category: aisle, price: 10 + Number(place), ...(place === '0' && { brand: 'Own' }) };
    }),
    countries: { DE: ['a7-1', 'a8-1', 'gone', 'a9-1'] },
  });
}
const categoryOf = ({ item_id }: { readonly item_id: string }) => item_id.split('-')[0];

describe('a model with shelves', () => {
  const recommend = async (asked: Instance) => makeRecommender(await shelved())(asked).items;

  it('lists allowed categories only, as many as asked for', async () => {
    const items = await recommend(
      instance(clicks('a1-3'), { categories: ['a4', 'a5'], limit: 40, exclude: ['a4-1', 'a5-2'] }),
    );
    expect(items).toHaveLength(40);
    expect(new Set(items.map(categoryOf))).toEqual(new Set(['a4', 'a5']));
    expect(items.map(({ item_id }) => item_id)).not.toContain('a4-1');
    expect(await recommend(instance([], { categories: ['none'] }))).toEqual([]);
  });

  it('mixes categories, the more the more diversity is asked for', async () => {
    const asked = clicks('a1-3', 'a2-8', 'a3-1');
    const kinds = async (diversity: number) =>
      new Set((await recommend(instance(asked, { diversity, limit: 6 }))).map(categoryOf)).size;
    const [none, full] = [await kinds(0), await kinds(1)];
    expect(full).toBeGreaterThan(none);
    expect(full).toBeGreaterThan(2);
    expect((await recommend(instance(asked, { diversity: 1 })))[0]).toEqual(
      (await recommend(instance(asked)))[0],
    );
  });

  it('answers a stranger from interests and country in turn, then from what is popular', async () => {
    const items = await recommend(instance([], { interests: ['a2'], country: 'DE', limit: 40 }));
    expect(items.slice(0, 4).map(categoryOf)).toEqual(['a2', 'a7', 'a2', 'a8']);
    expect(items.slice(0, 2).map(({ reason }) => reason)).toEqual([
      { kind: 'category', category: 'a2' },
      { kind: 'country' },
    ]);
    expect(items.at(-1)?.reason).toEqual({ kind: 'popular' });
    expect(items).toHaveLength(40);
  });

  it('lists what is like an item, and what goes with several in other categories first', async () => {
    const similar = await recommend(instance(clicks('a1-3', 'a2-8'), { mode: 'similar', limit: 4 }));
    expect(similar.map(categoryOf)).toEqual(['a1', 'a1', 'a1', 'a1']);
    expect(similar[0]?.reason).toEqual({ kind: 'similar', item_id: 'a1-3' });
    const together = await recommend(instance(clicks('a1-3', 'a2-8'), { mode: 'together', limit: 10 }));
    const ids = together.map(({ item_id }) => item_id);
    expect(ids).not.toContain('a1-3');
    expect(ids).not.toContain('a2-8');
    expect(['a1-3', 'a2-8']).toContain(together[0]?.reason.item_id);
  });

  it('shows new products that suit the shopper among the others, and no others', async () => {
    const fresh = [
      { item_id: 'known', category: 'a9' },
      { item_id: 'dear', category: 'a1', price: 900 },
      { item_id: 'near', category: 'a1', price: 14 },
      { item_id: 'own', category: 'a1', brand: 'Own' },
      { item_id: 'a1-9', category: 'a1' },
      { item_id: 'barred', category: 'a1' },
    ];
    const items = await recommend(
      instance(clicks('a1-4', 'a1-0'), { fresh, exclude: ['barred'], limit: 12 }),
    );
    const news = items.filter(({ reason }) => reason.kind === 'new');
    expect(news).toMatchObject([{ item_id: 'own' }, { item_id: 'near' }]);
    expect(items.indexOf(news[0] as never)).toBe(4);
    expect(items).toHaveLength(12);
  });
});
