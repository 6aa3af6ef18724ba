import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError } from '../../shared/errors.ts';
import { fileOf, objectPlace } from './object-name.ts';
import { parseSource } from './sources.ts';

/** Words of a source's YAML, in whatever order. */
const word = fc.oneof(
  fc.constantFrom(
    'records',
    'format',
    'fields',
    'event_name',
    'event_time',
    'items',
    'columns',
    'zone',
    'native',
  ),
  fc.constantFrom(
    '!!js/function',
    '&a',
    '*a',
    '<<',
    '~',
    '? x',
    '"\\u0000"',
    "'",
    '|',
    '{',
    '}',
    '[',
    ']',
    '$.a[*]',
  ),
  fc.string({ maxLength: 10 }),
);
const yaml = fc
  .array(fc.tuple(fc.nat(4), word, word), { maxLength: 12 })
  .map((lines) => lines.map(([depth, key, value]) => `${'  '.repeat(depth)}${key}: ${value}`).join('\n'));

/** Anything else a parser throws than a ConfigError, which says where, fails the property. */
function read(text: string): void {
  try {
    expect(parseSource('shop', text, 'shop.yaml').name).toBe('shop');
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const line of error.message.split('\n')) expect(line).toMatch(/^shop\.yaml(?::\d+:\d+)?: ./);
  }
}

test('any text is a source, or refused with file, line and column', () => {
  fc.assert(fc.property(fc.oneof(yaml, fc.string({ unit: 'binary', maxLength: 100 })), read), {
    numRuns: 60,
  });
  fc.assert(fc.property(fc.json({ maxDepth: 3 }), read), { numRuns: 30 });
});

test('an alias without an anchor is refused where it stands', () => {
  const text = 'format: &f csv\nrecords: *r\n';
  expect(() => parseSource('shop', text, 'shop.yaml')).toThrow(/^shop\.yaml:2:10: Unresolved alias .*: r$/);
});

test('aliases that multiply end as a refusal, at once', () => {
  const bomb = Array.from(
    { length: 12 },
    (_, n) => `a${n}: &a${n} [${n === 0 ? 'x' : `*a${n - 1},`.repeat(10)}]`,
  );
  expect(() => parseSource('shop', bomb.join('\n'), 'shop.yaml')).toThrow(
    /^shop\.yaml:2:10: Excessive alias count/,
  );
});

test('any object name has a place or none, and a file whose name compression does not change', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 8 }), { maxLength: 5 }), (parts) => {
      const name = parts.join('/');
      const place = objectPlace(name);
      if (place && place.kind !== 'catalog') {
        expect(place.source).not.toBe('');
        expect(place.source).not.toContain('/');
        expect(fileOf(`${name}.gz`)).toBe(fileOf(`${name}.zst`));
      }
    }),
  );
});
