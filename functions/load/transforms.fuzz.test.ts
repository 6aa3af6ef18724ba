import fc from 'fast-check';
import { DateTime } from 'luxon';
import { expect, test } from 'vitest';
import { search } from '../../test/helpers/search.ts';
import { ColumnRule } from './mapping.ts';
import { compileTransform } from './transforms.ts';

const figures = (width: number, max: number) =>
  fc.integer({ min: 0, max }).map((number) => String(number).padStart(width, '0'));

/** Times as exports write them, and near misses such as February 30 and 25 o'clock. */
const exported = fc
  .tuple(
    fc.constantFrom('1991', '2023', '2024', '2099'),
    figures(2, 13),
    figures(2, 32),
    fc.constantFrom('T', ' '),
    figures(2, 25),
    figures(2, 61),
    fc.oneof(
      fc.constant(''),
      figures(2, 61).map((second) => `:${second}`),
    ),
    fc.oneof(
      fc.constant(''),
      figures(3, 999).map((text) => `.${text}`),
      figures(6, 999_999).map((text) => `.${text}`),
    ),
    fc.constantFrom('Z', ' UTC', 'UTC', '', '+02:00'),
  )
  .map(
    ([year, month, day, separator, hour, minute, second, fraction, zone]) =>
      `${year}-${month}-${day}${separator}${hour}:${minute}${second}${fraction}${zone}`,
  );

test.each(['utc', 'Europe/Berlin'])(
  'reads an ISO time in %s as luxon does, or refuses it as luxon does',
  (zone) => {
    const read = compileTransform(ColumnRule.parse({ column: 'at', as: 'iso', zone }));
    fc.assert(
      fc.property(exported, (text) => {
        const iso = text.replace(' ', 'T').replace(/\s*UTC$/, 'Z');
        const time = DateTime.fromISO(iso, { zone });
        const told = read(text, 0);
        if (time.isValid) expect(told).toEqual({ value: new Date(time.toMillis()).toISOString() });
        else expect(told).toHaveProperty('expected');
      }),
      search(1_000),
    );
  },
);

test.each(['1990-01-01T00:30+02:00', '2100-01-01T00:00:01Z', '0026-11-21T09:30Z'])(
  'a time that no shop has is refused: %s',
  (text) => {
    const read = compileTransform(ColumnRule.parse({ column: 'at', as: 'iso' }));
    expect(read(text, 0)).toHaveProperty('expected');
  },
);
