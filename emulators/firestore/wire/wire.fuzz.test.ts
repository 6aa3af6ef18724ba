import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../protos.ts';
import { formatFieldPath, parseFieldPath } from '../field-paths.ts';
import { FirestoreError } from '../firestore-error.ts';
import { formatTimestamp, parseTimestamp } from '../timestamps.ts';
import type { Value } from '../values.ts';
import { anyValue } from './any-value.ts';
import { JSON_FORM, PROTO_FORM } from './form.ts';
import { readValue, writeValue } from './values.ts';
import { readWrite } from './writes.ts';

const service = loadProtos('@google-cloud/firestore/build/protos/v1.json').service(
  'google.firestore.v1.Firestore',
);

/** Through the bytes of a request that carries a value, and back. */
function throughProtobuf(value: Value): Value {
  const method = service.CreateDocument;
  if (!method) throw new Error('CreateDocument is not in the protos');
  const request = { document: { fields: { it: writeValue(value, PROTO_FORM) } } };
  const read = method.requestDeserialize(method.requestSerialize(request)) as typeof request;
  return readValue(read.document.fields.it);
}

describe('values on the wire', () => {
  it('survive protobuf as they are', () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        expect(throughProtobuf(value)).toEqual(value);
      }),
    );
  });

  it('survive JSON as they are', () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        expect(readValue(JSON.parse(JSON.stringify(writeValue(value, JSON_FORM))))).toEqual(value);
      }),
    );
  });

  it('are refused as INVALID_ARGUMENT where they are anything else', () => {
    fc.assert(
      fc.property(fc.anything(), (anything) => {
        for (const read of [readValue, readWrite]) {
          try {
            read(anything);
          } catch (error) {
            expect(error).toBeInstanceOf(FirestoreError);
          }
        }
      }),
    );
  });
});

it('a field path survives being written and read', () => {
  const path = fc.array(fc.string({ minLength: 1, unit: 'binary' }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(path, (segments) => {
      expect(parseFieldPath(formatFieldPath(segments))).toEqual(segments);
    }),
  );
});

it.each(['', '.', 'a.', '.a', 'a..b', '`', '`a', '`a`b', 'a`b`', '``'])('"%s" is no field path', (text) => {
  expect(() => parseFieldPath(text)).toThrow(FirestoreError);
});

it('a timestamp survives being written and read', () => {
  const micros = fc.bigInt({ min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n });
  fc.assert(
    fc.property(micros, (time) => {
      expect(parseTimestamp(formatTimestamp(time))).toBe(time);
    }),
  );
});

it.each([
  ['2026-01-02T03:04:05Z', 1_767_323_045_000_000n],
  ['2026-01-02T03:04:05.1Z', 1_767_323_045_100_000n],
  ['2026-01-02T03:04:05.123456789Z', 1_767_323_045_123_456n],
  ['2026-01-02T05:04:05+02:00', 1_767_323_045_000_000n],
  ['1969-12-31T23:59:59.999999Z', -1n],
])('reads the time %s', (text, micros) => {
  expect(parseTimestamp(text)).toBe(micros);
});
