import { expect, it } from 'vitest';
import { aisleSessions } from '../test/model/sessions.ts';
import { withShelves } from './artifact.ts';
import { buildModel } from './build.ts';
import { Instance } from './protocol.ts';
import { makeRecommender } from './recommender.ts';
import { relatedItems } from './related.ts';

const model = withShelves(await buildModel([{ items: ['lone', 'lone'] }, ...aisleSessions(300)]), {
  items: Array.from({ length: 30 }, (_, place) => ({
    item_id: `a1-${place}`,
    category: place % 2 === 0 ? 'even' : 'odd',
  })),
  countries: {},
});
const all = [...relatedItems(model, { items: 1000, length: 5 })];

it('gives each item the lists that the server answers for it', () => {
  const recommend = makeRecommender(model);
  expect(all.length).toBeGreaterThan(250);
  for (const { item_id, similar, together } of all.slice(0, 50)) {
    const items = [{ item_id, event_name: 'view_item', event_time: '2026-11-21T00:00:00Z' }];
    const served = (mode: 'similar' | 'together') =>
      recommend(Instance.parse({ items, mode, limit: 5 })).items.map((item) => item.item_id);
    expect(served('similar').slice(0, similar.length)).toEqual(similar);
    expect(served('together').slice(0, together.length)).toEqual(together);
    expect(similar).not.toContain(item_id);
    expect(similar).toHaveLength(5);
    expect(similar.every((id) => id.split('-')[0] === item_id.split('-')[0])).toBe(true);
  }
});

it('puts other categories first in what goes together', () => {
  const found = all.find(({ item_id }) => item_id === 'a1-4');
  const odd = (ids: readonly string[] = []) => ids.filter((id) => Number(id.split('-')[1]) % 2 === 1).length;
  expect(odd(found?.together)).toBeGreaterThan(odd(found?.similar));
});

it('leaves out what has no neighbours, and what is not asked for', () => {
  expect(all.map(({ item_id }) => item_id)).not.toContain('lone');
  expect([...relatedItems(model, { items: 7, length: 5 })]).toEqual(all.slice(0, 7));
});
