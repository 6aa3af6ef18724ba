import { expect, test } from 'vitest';
import { makeSingleFlight } from './single-flight.ts';

test('who asks while the work is under way shares its outcome', async () => {
  const fly = makeSingleFlight<number>();
  const { promise, resolve } = Promise.withResolvers<number>();
  let runs = 0;
  const work = () => {
    runs += 1;
    return promise;
  };
  const both = Promise.all([fly('a', work), fly('a', work)]);
  resolve(7);
  expect(await both).toEqual([7, 7]);
  expect(runs).toBe(1);
});

test('afterwards, and for another key, it is done anew; a failure is not kept', async () => {
  const fly = makeSingleFlight<string>();
  await expect(fly('a', async () => Promise.reject(new Error('down')))).rejects.toThrow('down');
  expect(await fly('a', async () => 'up')).toBe('up');
  expect(await Promise.all([fly('a', async () => 'one'), fly('b', async () => 'two')])).toEqual([
    'one',
    'two',
  ]);
});
