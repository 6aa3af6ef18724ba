import { describe, expect, test } from 'vitest';
import { mapRow, mapRowLeniently } from './map-row.ts';
import { Mapping } from './mapping.ts';
import { makeSource } from './source.ts';
import { loadSources } from './sources.ts';

const file = 'retailrocket/events.csv';
const sources = loadSources();
const missing = makeSource('missing', Mapping.parse({}));
const retailrocket = sources.get('retailrocket') ?? missing;
const native = sources.get('native') ?? missing;
/** A record's place. */
const at = (line: number) => ({ offset: line * 100, line });
const row = {
  timestamp_s: '1441852593',
  visitorid: '1145517',
  event: 'view',
  itemid: '165162',
  sessionid: '1433838',
  categoryid: '1173',
};

describe('mapRow', () => {
  test('a record that fails does so by its own id, where it has one', () => {
    const bad = { event_id: 'till-1', event_name: 'view_item', items: 'none' };
    expect(mapRow(native, { ...at(1), row: bad }, { file })).toMatchObject({
      failure: { event_id: 'till-1' },
    });
    for (const event_id of ['', 7, undefined]) {
      expect(mapRow(native, { ...at(1), row: { ...bad, event_id } }, { file })).toMatchObject({
        failure: { event_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
      });
    }
  });

  test('maps a row of RetailRocket to a native event', () => {
    expect(mapRow(retailrocket, { ...at(1), row }, { file })).toEqual({
      seen: {},
      ok: {
        event_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        event_name: 'view_item',
        event_time: '2015-09-10T02:36:33.000Z',
        anonymous_id: '1145517',
        session_id: '1433838',
        items: [{ item_id: '165162', item_category: '1173' }],
      },
    });
  });

  test.each([
    ['view', 'view_item'],
    ['addtocart', 'add_to_cart'],
    ['transaction', 'purchase'],
  ])('%s is %s', (event, event_name) => {
    expect(mapRow(retailrocket, { ...at(1), row: { ...row, event } }, { file })).toMatchObject({
      ok: { event_name },
    });
  });

  test.each([
    {
      name: 'a header row among the data',
      bad: Object.fromEntries(Object.keys(row).map((key) => [key, key])),
      path: 'timestamp_s',
      says: 'timestamp_s is "timestamp_s"; expected seconds, milliseconds or microseconds since 1970',
    },
    {
      name: 'an unknown value',
      bad: { ...row, event: 'hover' },
      path: 'event',
      says: 'event is "hover"; expected one of view, addtocart, transaction',
    },
    {
      name: 'a time in no unit',
      bad: { ...row, timestamp_s: '14418525930000000' },
      path: 'timestamp_s',
      says: 'microseconds since 1970',
    },
    {
      name: 'no time',
      bad: { ...row, timestamp_s: '' },
      path: 'timestamp or timestamp_s',
      says: 'timestamp or timestamp_s is empty',
    },
    { name: 'nobody', bad: { ...row, visitorid: '' }, path: 'anonymous_id', says: 'is required' },
    {
      name: 'a value map is no way to Object.prototype',
      bad: { ...row, event: 'constructor' },
      path: 'event',
      says: 'event is "constructor"',
    },
  ])('refuses $name, and keeps the row', ({ bad, path, says }) => {
    const mapped = mapRow(retailrocket, { ...at(7), row: bad }, { file });
    expect(mapped).toMatchObject({ failure: { path, payload: bad } });
    expect('failure' in mapped && mapped.failure.message).toContain(says);
  });

  test('ids follow from file, position and content', () => {
    const idOf = (position: number, content: object, name = file): string => {
      const mapped = mapRow(
        retailrocket,
        { offset: position, line: 1, row: { ...row, ...content } },
        { file: name },
      );
      return 'ok' in mapped ? mapped.ok.event_id : '';
    };
    const id = idOf(1, {});
    expect(idOf(1, {})).toBe(id);
    expect(new Set([id, idOf(2, {}), idOf(1, { itemid: '2' }), idOf(1, {}, 'other.csv')]).size).toBe(4);
  });

  test('ids follow from the content alone where the source says so', () => {
    const overlapping = makeSource('shop', { ...retailrocket.mapping, identity: 'content' });
    const idOf = (position: number, content: object, name = file): string => {
      const at = { offset: position, line: position };
      const mapped = mapRow(overlapping, { ...at, row: { ...row, ...content } }, { file: name });
      return 'ok' in mapped ? mapped.ok.event_id : '';
    };
    expect(new Set([idOf(1, {}), idOf(2, {}), idOf(3, {}, 'other.csv')]).size).toBe(1);
    expect(idOf(1, { itemid: '2' })).not.toBe(idOf(1, {}));
  });

  test('what a native record has beyond the fields of an event is kept under properties', () => {
    const event = { event_id: 'e1', event_name: 'x', anonymous_id: 'a', event_time: '2026-01-01T00:00:00Z' };
    expect(mapRow(native, { ...at(1), row: { ...event, shelf: 7 } }, { file })).toMatchObject({
      ok: { ...event, properties: { shelf: 7 } },
    });
  });

  test('shifts times, not ids', () => {
    const plain = mapRow(retailrocket, { ...at(1), row }, { file });
    const shifted = mapRow(retailrocket, { ...at(1), row }, { file, shiftMs: 3_600_000 });
    expect('ok' in plain && 'ok' in shifted && shifted.ok).toEqual({
      ...('ok' in plain ? plain.ok : {}),
      event_time: '2015-09-10T03:36:33.000Z',
    });
  });

  test('passes native records, completes their id, and asks for their time', () => {
    const event = { event_name: 'view_item', anonymous_id: 'a', event_time: '2026-01-01T00:00:00Z' };
    const options = { file: 'native/x.ndjson', shiftMs: 1_000 };
    expect(mapRow(native, { ...at(1), row: { ...event, event_id: 'e1' } }, options)).toEqual({
      seen: {},
      ok: { ...event, event_id: 'e1', event_time: '2026-01-01T00:00:01.000Z' },
    });
    expect(mapRow(native, { ...at(1), row: event }, options)).toMatchObject({
      ok: { event_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
    });
    const { event_time: _time, ...timeless } = event;
    expect(mapRow(native, { ...at(1), row: timeless }, options)).toMatchObject({
      failure: { path: 'event_time', message: 'event_time is empty; expected a time' },
    });
  });

  test('constants, paths into JSON, numbers, booleans, nested fields and properties', () => {
    const source = makeSource(
      'shop',
      Mapping.parse({
        fields: {
          event_name: { constant: 'purchase' },
          event_time: { column: 'at', as: 'iso' },
          user_id: { column: 'customer.id' },
          value: { column: 'total', as: 'number' },
          'page.url': { column: 'link' },
          'page.title': { column: 'heading' },
          'consent.analytics': { column: 'ok', as: 'boolean' },
        },
        items: [{ item_id: { column: 'first' } }, { item_id: { column: 'second' } }],
        properties: { shop: 'branch' },
      }),
    );
    const content = {
      at: '2026-01-02 03:04:05',
      customer: { id: 12 },
      total: '9.50',
      link: 'https://shop.example/',
      ok: 'yes',
      first: 'p1',
      branch: 'north',
    };
    expect(mapRow(source, { ...at(1), row: content }, { file })).toMatchObject({
      ok: {
        event_name: 'purchase',
        event_time: '2026-01-02T03:04:05.000Z',
        user_id: '12',
        value: 9.5,
        page: { url: 'https://shop.example/' },
        consent: { analytics: true },
        items: [{ item_id: 'p1' }],
        properties: { shop: 'north' },
      },
    });
  });

  test('an unreadable record fails with its place', () => {
    const unreadable = { message: 'line 3 is not JSON', text: '{oops' };
    expect(mapRow(native, { ...at(3), unreadable }, { file })).toMatchObject({
      failure: { message: 'line 3 is not JSON', payload: { file, line: 3, offset: 300, text: '{oops' } },
    });
  });
});

describe('mapRowLeniently', () => {
  test('leaves what cannot be read for the collector to reject', () => {
    const header = Object.fromEntries(Object.keys(row).map((key) => [key, key]));
    const { event, problems } = mapRowLeniently(retailrocket, { ...at(1), row: header }, { file });
    expect(event).toMatchObject({
      event_name: 'event',
      event_time: 'timestamp_s',
      anonymous_id: 'visitorid',
    });
    expect(problems.map((problem) => problem.path)).toEqual(['timestamp_s', 'event']);
  });

  test('gives the same event as mapRow for a row that can be read', () => {
    const strict = mapRow(retailrocket, { ...at(1), row }, { file });
    const { event, problems } = mapRowLeniently(retailrocket, { ...at(1), row }, { file });
    expect(problems).toEqual([]);
    expect('ok' in strict && strict.ok).toEqual(event);
  });
});
