import { describe, expect, it } from 'vitest';
import { aisleSessions } from '../test/model/sessions.ts';
import type { Artifact } from './artifact.ts';
import { buildModel } from './build.ts';
import type { Instance } from './protocol.ts';
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

function instance(items: Instance['items'], rest: Partial<Instance> = {}): Instance {
  return { items, exclude: [], limit: 20, ...rest };
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
    expect(prediction.items.every((item) => item.because === undefined)).toBe(true);
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
    for (const { item_id, because } of items) {
      expect(item_id).toMatch(/^a1-/);
      expect(['a1-12', 'a1-11', 'a1-10']).toContain(because);
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
    expect(recommend(instance([...clicks('new'), before], { limit: 3 })).items[0]?.because).toBe('a2-5');
  });
});
