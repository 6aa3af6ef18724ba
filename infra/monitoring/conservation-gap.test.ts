import { afterEach, expect, it } from 'vitest';
import { event, openTestWarehouse, recommendation, type TestWarehouse } from '../bigquery/fixtures.ts';
import { conservationGapQuery, GAP_WORDS } from './conservation-gap.ts';

let warehouse: TestWarehouse | undefined;
afterEach(() => warehouse?.close());

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

/** A recommendation some hours old, and the event it was made for, which may have come late. */
function made(id: string, hours: number, event_name = 'view_item', happened = hours) {
  const at = hoursAgo(hours);
  const event_time = hoursAgo(happened);
  const trigger = { event_id: `event of ${id}`, event_name, event_time, received_at: at };
  return recommendation(id, 0, ['a'], { generated_at: at, trigger });
}
const stored = (id: string, hours: number) =>
  event(`event of ${id}`, 'view_item', 0, { event_time: hoursAgo(hours) });

it('fails where an event was recommended for and is nowhere; young ones and refreshes do not count', async () => {
  warehouse = await openTestWarehouse();
  const query = conservationGapQuery('demo-views');
  const weeks = 20 * 24;
  await warehouse.add({
    events: [stored('r1', 2), stored('kept for weeks', weeks)],
    recommendations: [
      made('r1', 2),
      made('young', 0.5),
      made('old', 30),
      made('none', 3, 'refresh'),
      made('kept for weeks', 3, 'view_item', weeks),
    ],
  });
  expect(await warehouse.query(query)).toEqual([{ missing: 0 }]);

  await warehouse.add({ recommendations: [made('lost', 3), made('lost too', 20)] });
  await expect(warehouse.query(query)).rejects.toThrow(`${GAP_WORDS}: 2 events`);
});
