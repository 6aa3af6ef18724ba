import fc from 'fast-check';
import { NULL, type Value } from '../values.ts';

/** Doubles and integers that codecs and orders get wrong first. */
const HARD_DOUBLES = [Number.NaN, -0, 0, Infinity, -Infinity, 2 ** 53, 2 ** 63, Number.MIN_VALUE];
const HARD_INTEGERS = [0n, -1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n)];

/** For property tests: any Firestore value, nested a few levels deep, arrays never directly in arrays. */
export function anyValue(): fc.Arbitrary<Value> {
  const { value } = fc.letrec<{ value: Value; leaf: Value; array: Value; map: Value }>((tie) => ({
    value: fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('array'), tie('map')),
    leaf: anyLeaf(),
    array: fc
      .array(fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('map')), { maxLength: 3 })
      .map((values) => ({ kind: 'array', values })),
    map: fc
      .array(fc.tuple(anyKey(), tie('value')), { maxLength: 3 })
      .map((entries) => ({ kind: 'map', fields: new Map(entries) })),
  }));
  return value;
}

/** A field's name: not empty, not reserved. */
export function anyKey(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('a', 'b', 'c', 'a.b', '`', 'é', '\u{1f600}', '\uffff'),
    fc.string({ minLength: 1, maxLength: 5 }).filter((key) => !/^__.*__$/.test(key)),
  );
}

function anyLeaf(): fc.Arbitrary<Value> {
  return fc.oneof(
    fc.constant(NULL),
    fc.boolean().map((value): Value => ({ kind: 'boolean', value })),
    fc
      .oneof(fc.constantFrom(...HARD_INTEGERS), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }))
      .map((value): Value => ({ kind: 'integer', value })),
    fc
      .oneof(fc.constantFrom(...HARD_DOUBLES), fc.double())
      .map((value): Value => ({ kind: 'double', value })),
    fc
      .bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n })
      .map((micros): Value => ({ kind: 'timestamp', micros })),
    fc.string({ unit: 'binary', maxLength: 8 }).map((value): Value => ({ kind: 'string', value })),
    fc.uint8Array({ maxLength: 6 }).map((bytes): Value => ({ kind: 'bytes', value: Buffer.from(bytes) })),
    fc
      .constantFrom('c/a', 'c/b', 'c/__id1__', 'c/a/d/b')
      .map(
        (path): Value => ({ kind: 'reference', name: `projects/p/databases/(default)/documents/${path}` }),
      ),
    fc
      .record({
        latitude: fc.integer({ min: -90, max: 90 }),
        longitude: fc.integer({ min: -180, max: 180 }),
      })
      .map((point): Value => ({ kind: 'geoPoint', ...point })),
  );
}
