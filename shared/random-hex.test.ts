import { expect, test } from 'vitest';
import { randomHex } from './random-hex.ts';

test.each([1, 8, 16, 4096])('%d bytes are twice as many digits', (bytes) => {
  expect(randomHex(bytes)).toMatch(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
});

test('no piece of a pool is handed out twice, nor does a pool come again', () => {
  const ids = new Set(Array.from({ length: 2_000 }, () => randomHex(16)));
  expect(ids.size).toBe(2_000);
  const halves = new Set([...ids].flatMap((id) => [id.slice(0, 16), id.slice(16)]));
  expect(halves.size).toBe(4_000);
});

test('more than a pool is refused', () => {
  expect(() => randomHex(4097)).toThrow(RangeError);
});
