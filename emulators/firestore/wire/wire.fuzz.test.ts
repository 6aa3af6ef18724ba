import type { ServiceDefinition } from '@grpc/grpc-js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../protos.ts';
import { formatFieldPath, parseFieldPath } from '../field-paths.ts';
import { FirestoreError } from '../firestore-error.ts';
import { loadFirestoreProtos } from '../grpc/native-protos.ts';
import { formatTimestamp, parseTimestamp } from '../timestamps.ts';
import type { Value } from '../values.ts';
import { anyValue } from './any-value.ts';
import { type Form, JSON_FORM, PROTO_FORM } from './form.ts';
import { readValue, writeValue } from './values.ts';
import { readWrite } from './writes.ts';

const SERVICE = 'google.firestore.v1.Firestore';
const plainProtos = loadProtos('@google-cloud/firestore/build/protos/v1.json').service(SERVICE);
const nativeProtos = loadFirestoreProtos().service(SERVICE);
const PLAIN_FORM: Form = { ...PROTO_FORM, native: false };

/** Through the bytes of a request that carries a value, and back. */
function throughBytes(message: unknown, writer: ServiceDefinition, reader: ServiceDefinition): Value {
  const [write, read] = [writer.CreateDocument, reader.CreateDocument];
  if (!write || !read) throw new Error('CreateDocument is not in the protos');
  const request = { document: { fields: { it: message } } };
  const answer = read.requestDeserialize(write.requestSerialize(request)) as typeof request;
  return readValue(answer.document.fields.it);
}

describe('values on the wire', () => {
  it("survive protobuf as they are, by this project's codec and by protobufjs", () => {
    fc.assert(
      fc.property(anyValue(), (value) => {
        const [native, plain] = [writeValue(value, PROTO_FORM), writeValue(value, PLAIN_FORM)];
        expect(throughBytes(native, nativeProtos, nativeProtos)).toEqual(value);
        expect(throughBytes(native, nativeProtos, plainProtos)).toEqual(value);
        expect(throughBytes(plain, plainProtos, nativeProtos)).toEqual(value);
      }),
    );
  });

  it.each<[string, object]>([
    ['no value', {}],
    ['a value in a list that is none', { arrayValue: { values: [{}] } }],
    ['a place that is none', { geoPointValue: { latitude: 91, longitude: 0 } }],
    ['a time after the year 9999', { timestampValue: { seconds: 253_402_300_800 } }],
    ['a function', { functionValue: { name: 'f' } }],
  ])('are refused as INVALID_ARGUMENT where they are %s', (_what, message) => {
    expect(() => throughBytes(message, plainProtos, nativeProtos)).toThrow(FirestoreError);
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
