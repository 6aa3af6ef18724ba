import { expect, test } from 'vitest';
import { groupVisitors } from './bigquery-visitors.ts';
import { NOW, streamOf } from './fixtures.ts';

async function all<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  return Array.fromAsync(stream);
}

test('rows become visitors, with what they bought', async () => {
  const row = (visitor_id: string, item_id: string, event_name: string) => ({
    visitor_id,
    user_key: `user-${visitor_id}`,
    item_id,
    event_name,
    at_ms: NOW,
  });
  const rows = [
    row('a', 'hat', 'purchase'),
    row('a', 'hat', 'purchase'),
    row('a', 'shoe', 'view_item'),
    row('b', 'belt', 'view_item'),
  ];
  const [a, b] = await all(groupVisitors(streamOf(rows)));
  expect(a).toMatchObject({ visitor_id: 'a', user_key: 'user-a', purchased_items: ['hat'] });
  expect(a?.recent_items.map(({ item_id }) => item_id)).toEqual(['hat', 'hat', 'shoe']);
  expect(b).toMatchObject({ visitor_id: 'b', purchased_items: [] });
});
