import { expect, test } from 'vitest';
import { makeBodyParts } from './body-parts.ts';
import { Refusal } from './http.ts';

const unbounded = { maxBytes: 100_000, room: 100_000, grow: () => undefined };

test.each([0, 1, 2, 1_023, 1_024, 1_025, 2_048, 5_000])('%i parts are one body, in order', (count) => {
  const parts = makeBodyParts(unbounded);
  const texts = Array.from({ length: count }, (_, index) => `${index} `);
  for (const text of texts) parts.add(Buffer.from(text));
  expect(parts.take().toString()).toBe(texts.join(''));
});

test('many small parts are copied into one, so that they do not stay by themselves', () => {
  const parts = makeBodyParts(unbounded);
  const part = Buffer.from('x');
  for (let count = 0; count < 2_000; count += 1) parts.add(part);
  part.write('y');
  expect(parts.take().toString()).toBe('x'.repeat(1_024) + 'y'.repeat(2_000 - 1_024));
});

test('bytes beyond the room are told, bytes beyond the limit refused', () => {
  const told: number[] = [];
  const parts = makeBodyParts({ maxBytes: 10, room: 4, grow: (bytes) => told.push(bytes) });
  for (let count = 0; count < 5; count += 1) parts.add(Buffer.from('ab'));
  expect(told).toEqual([6, 8, 10]);
  expect(() => parts.add(Buffer.from('a'))).toThrow(Refusal);
  expect(told).toHaveLength(3);
});
