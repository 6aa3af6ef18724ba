import { describe, expect, test } from 'vitest';
import { groupSessions, groupVisitors } from './bigquery-warehouse.ts';
import { NOW, streamOf } from './fixtures.ts';

async function all<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  return Array.fromAsync(stream);
}

describe('rows become', () => {
  test('sessions, in the order of their clicks', async () => {
    const row = (session_key: string, item_id: string, at_ms: number | string) => ({
      session_key,
      item_id,
      event_name: 'view_item',
      at_ms,
    });
    const rows = [row('a', 'hat', 1), row('a', 'shoe', '2'), row('b', 'belt', 3)];
    expect(await all(groupSessions(streamOf(rows)))).toEqual([
      { items: ['hat', 'shoe'], events: ['view_item', 'view_item'], times: [1, 2] },
      { items: ['belt'], events: ['view_item'], times: [3] },
    ]);
    expect(await all(groupSessions(streamOf([])))).toEqual([]);
  });

  test('visitors, with what they bought', async () => {
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
});
