import { expect, test } from 'vitest';
import { isAllowed, mayShip, readLicences } from './licences.ts';

test.each([
  ['MIT', true],
  ['(MIT OR GPL-3.0)', true],
  ['Apache-2.0 AND BSD-3-Clause', true],
  ['(MIT AND Zlib)', true],
  ['GPL-3.0-only', false],
  ['AGPL-3.0-or-later', false],
  ['MIT AND GPL-2.0', false],
  ['SEE LICENSE IN LICENSE.txt', false],
  ['unknown', false],
  ['', false],
])('%s: %s', (expression, allowed) => {
  expect(isAllowed(expression)).toBe(allowed);
});

test('everything that is shipped has a licence that is allowed', async () => {
  const packages = await readLicences(new URL('../../', import.meta.url), { development: false });
  expect(packages.length).toBeGreaterThan(50);
  expect(packages.find(({ name }) => name === 'zod')?.licence).toBe('MIT');
  expect(packages.filter((each) => !mayShip(each))).toEqual([]);
});
