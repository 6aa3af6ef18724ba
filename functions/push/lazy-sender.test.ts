import { expect, test } from 'vitest';
import { makeLazySender } from './lazy-sender.ts';

test('loads once, at the first messages, and again only where that failed', async () => {
  let loads = 0;
  const sender = makeLazySender(async () => {
    loads += 1;
    if (loads === 1) throw new Error('no credentials yet');
    return { send: async () => [] };
  });
  expect(loads).toBe(0);
  const refused = await Promise.allSettled([sender.send([]), sender.send([])]);
  expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(loads).toBe(1);
  expect(await Promise.all([sender.send([]), sender.send([])])).toEqual([[], []]);
  expect(await sender.send([])).toEqual([]);
  expect(loads).toBe(2);
});
