import { describe, expect, test } from 'vitest';
import { keepUnknown } from './keep-unknown.ts';

const click = { event_name: 'view_item', anonymous_id: 'a' };

describe('keepUnknown', () => {
  test('an event that knows all its fields stays the object it is', () => {
    const event = { ...click, items: [{ item_id: '1' }], page: { url: 'u' }, consent: { analytics: true } };
    expect(keepUnknown(event)).toBe(event);
  });

  test.each([
    { name: 'a field of the event', extra: { colour: 'red' }, properties: { colour: 'red' } },
    {
      name: 'fields of items, by place',
      extra: { items: [{ item_id: '1' }, { item_id: '2', size: '42' }] },
      properties: { items: [{}, { size: '42' }] },
    },
    { name: 'a field of the page', extra: { page: { path: '/x' } }, properties: { page: { path: '/x' } } },
    {
      name: 'a field of the consent',
      extra: { consent: { ads: false } },
      properties: { consent: { ads: false } },
    },
    {
      name: 'a field beside properties',
      extra: { colour: 'red', properties: { size: 7 } },
      properties: { colour: 'red', size: 7 },
    },
    {
      name: 'a field that properties have too',
      extra: { colour: 'red', properties: { colour: 'blue' } },
      properties: { colour: 'blue', event: { colour: 'red' } },
    },
  ])('$name is kept under properties', ({ extra, properties }) => {
    expect(keepUnknown({ ...click, ...extra })).toEqual({ ...click, ...extra, properties });
  });

  test('properties that are no object are left for the schema to name', () => {
    const event = { ...click, colour: 'red', properties: 7 };
    expect(keepUnknown(event)).toBe(event);
  });
});
