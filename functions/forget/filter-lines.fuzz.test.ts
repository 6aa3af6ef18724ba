import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeLineFilter } from './filter-lines.ts';
import { mentionsOf } from './mentions.ts';

const OUT = 'of ada';

const line = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(OUT, `${OUT}\r`) },
  {
    weight: 3,
    arbitrary: fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replaceAll('\n', ' ')),
  },
);

/** Cuts bytes at any places, within characters too. */
function cut(bytes: Buffer, at: readonly number[]): readonly Buffer[] {
  const places = [0, ...at.map((place) => place % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

test('a file is without the lines of a person and else the same to the byte, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(line, { maxLength: 12 }),
      fc.boolean(),
      fc.array(fc.nat(), { maxLength: 6 }),
      async (lines, ends, places) => {
        const text = (kept: readonly string[]): string => kept.map((each) => `${each}\n`).join('');
        const isOut = (each: string): boolean => each === OUT || each === `${OUT}\r`;
        const whole = ends ? text(lines) : text(lines).slice(0, -1);
        const filter = makeLineFilter(isOut);
        const chunks = cut(Buffer.from(whole), places);
        const filtered = await buffer(Readable.from(chunks).pipe(filter.stream));
        const last = lines.at(-1) ?? '';
        const expected = text(lines.filter((each) => !isOut(each)));
        const cutEnd = !ends && lines.length > 0 && !isOut(last) ? expected.slice(0, -1) : expected;
        expect(filtered.toString()).toBe(Buffer.from(cutEnd).toString());
        expect(filter.counts().removed).toBe(lines.filter(isOut).length);
      },
    ),
  );
});

/** Ids with the signs that mean something in patterns, JSON and addresses. */
const name = fc
  .string({ unit: fc.constantFrom(...'abcXYZ019@.+-_\\"/%*?$()[]{}| é😀'), minLength: 1, maxLength: 20 })
  .filter((text) => text.trim() !== '');

test('a person is found by a value, a name of a field, an escape or an inner JSON, in whatever case', () => {
  fc.assert(
    fc.property(name, fc.constantFrom('user_id', 'traits', 'x'), (id, field) => {
      const { in: mentions, needles } = mentionsOf([id]);
      const forms: readonly unknown[] = [
        { [field]: id },
        [[{ [field]: ` ${id.toUpperCase().toLowerCase()} ` }]],
        { [id]: 1 },
        { [field]: JSON.stringify({ a: [id] }) },
      ];
      for (const form of forms) {
        const text = JSON.stringify(form);
        expect([text, mentions(text)]).toEqual([text, true]);
      }
      const plain = JSON.stringify({ [field]: id }).toLowerCase();
      expect(needles.some((needle) => plain.includes(needle))).toBe(true);
    }),
  );
});

test('any text is judged, and one without the id is nobody’s', () => {
  fc.assert(
    fc.property(name, fc.string({ unit: 'binary', maxLength: 60 }), fc.jsonValue(), (id, text, value) => {
      const { in: mentions } = mentionsOf([`ada-${id}-lovelace`]);
      for (const each of [text, JSON.stringify(value)]) expect(mentions(each)).toBe(false);
    }),
  );
});
