import { expect, test } from 'vitest';
import { makeEventStore } from './event-store.ts';
import { makeMemory } from './fixtures.ts';

test('storage that fails, or holds something else, is as none', () => {
  const broken = makeEventStore(() => {
    throw new Error('denied');
  });
  broken.add([{ event_id: 'a', event_name: 'a' }]);
  expect(broken.all()).toEqual([]);
  for (const text of ['{', 'null', '[1,null]', '{"a":1}']) {
    const memory = makeMemory();
    memory.setItem('nextclick.events', text);
    expect(makeEventStore(() => memory).all()).toEqual([]);
  }
});
