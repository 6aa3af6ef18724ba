import { expect, test } from 'vitest';
import { loadOnce } from './load-once.ts';

test('is loaded when it is first asked for, and once for all who ask meanwhile', async () => {
  let loads = 0;
  const get = loadOnce(async () => {
    loads += 1;
    return loads;
  });
  expect(loads).toBe(0);
  expect(await Promise.all([get(), get()])).toEqual([1, 1]);
  expect(await get()).toBe(1);
});

test('is loaded again after it could not be', async () => {
  let loads = 0;
  const get = loadOnce(async () => {
    loads += 1;
    if (loads === 1) throw new Error('no network');
    return loads;
  });
  await expect(get()).rejects.toThrow('no network');
  expect(await get()).toBe(2);
});
