import type { Backend, Cell, QueryResult, TableField, WriteRow } from '../backend.ts';
import { makeDuckDbBackend } from '../duckdb-backend.ts';

const FIELDS: readonly TableField[] = [
  { name: 'event_id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'event_name', type: 'STRING' },
  { name: 'event_time', type: 'TIMESTAMP' },
  { name: 'user_key', type: 'STRING' },
  { name: 'n', type: 'INTEGER' },
  {
    name: 'items',
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'item_id', type: 'STRING' },
      { name: 'price', type: 'NUMERIC' },
      { name: 'quantity', type: 'INTEGER' },
    ],
  },
  {
    name: 'event_params',
    type: 'RECORD',
    mode: 'REPEATED',
    fields: [
      { name: 'key', type: 'STRING' },
      { name: 'value', type: 'RECORD', fields: [{ name: 'string_value', type: 'STRING' }] },
    ],
  },
];

const event = (id: string, name: string, time: string, user: string, ...items: WriteRow[]): WriteRow => ({
  event_id: id,
  event_name: name,
  event_time: BigInt(Date.parse(time)) * 1000n,
  user_key: user,
  n: Number(id),
  items,
  event_params: [{ key: 'page', value: { string_value: `/${id}` } }],
});
const item = (id: string, price: number, quantity: number): WriteRow => ({ item_id: id, price, quantity });

/** A backend with the table `demo-p.d.events`: five events of two users, to ask about. */
export async function makeEventsBackend(): Promise<Backend> {
  const backend = await makeDuckDbBackend();
  await backend.createDataset({ project: 'demo-p', dataset: 'd' }, {});
  const ref = { project: 'demo-p', dataset: 'd', table: 'events' };
  await backend.createTable(ref, FIELDS, { timePartitioning: { type: 'DAY', field: 'event_time' } });
  await backend.appendRows(ref, [
    event('1', 'view_item', '2026-01-01T10:00:00Z', 'u1', item('a', 2, 1), item('b', 3, 2)),
    event('2', 'add_to_cart', '2026-01-01T10:05:00Z', 'u1', item('a', 2, 1)),
    event('3', 'purchase', '2026-01-01T11:30:00Z', 'u1', item('a', 2, 3)),
    event('4', 'view_item', '2026-01-02T10:00:00Z', 'u2', item('c', 1, 1)),
    event('5', 'view_item', '2026-01-04T23:59:59.5Z', 'u2'),
  ]);
  return backend;
}

/** A cell without its wrapping: records and lists are arrays. */
export function plainCell({ v }: Cell): unknown {
  if (Array.isArray(v)) return v.map(plainCell);
  return v !== null && typeof v === 'object' && 'f' in v ? v.f.map(plainCell) : v;
}

/** All rows of a result, by position. */
export function plainRows({ rows }: QueryResult): readonly (readonly unknown[])[] {
  return rows.map(({ f }) => f.map(plainCell));
}
