import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Document } from '../backend.ts';
import { checkDocument } from '../memory/limits.ts';
import { sameFields } from '../same-values.ts';
import type { Fields, Value } from '../values.ts';
import { anyKey, anyValue } from '../wire/any-value.ts';
import { EncodedFields } from '../wire/encoded-fields.ts';
import { type Form, type Message, PROTO_FORM } from '../wire/form.ts';
import { readDocument, writeDocument, writeFields } from '../wire/values.ts';
import { readWrites } from '../wire/writes.ts';
import { loadFirestoreProtos } from './native-protos.ts';
import { arePlainFields } from './plain-fields.ts';
import { decodeFields } from './value-reader.ts';

const DATABASE = 'projects/p/databases/(default)';
const NAME = `${DATABASE}/documents/c/d`;
const service = loadFirestoreProtos().service('google.firestore.v1.Firestore');
const PLAIN_FORM: Form = { ...PROTO_FORM, native: false };

const anyFields = (): fc.Arbitrary<Fields> =>
  fc.array(fc.tuple(anyKey(), anyValue()), { maxLength: 5 }).map((entries) => new Map(entries));

/** The fields of a write that went over the wire. */
function sent(fields: Fields): Fields {
  const message = {
    database: DATABASE,
    writes: [{ update: { name: NAME, fields: writeFields(fields, PROTO_FORM) } }],
  };
  const commit = service.Commit;
  if (!commit) throw new Error('Commit is not in the protos');
  const [write] = readWrites((commit.requestDeserialize(commit.requestSerialize(message)) as Message).writes);
  if (write?.kind !== 'set') throw new Error('the write became another');
  return write.fields;
}

/** A document that an answer carried over the wire. */
function answered(document: Document, form: Form): Document {
  const get = service.GetDocument;
  if (!get) throw new Error('GetDocument is not in the protos');
  return readDocument(get.responseDeserialize(get.responseSerialize(writeDocument(document, form))));
}

describe('fields that stay bytes', () => {
  it('are what was sent, and are answered so', () => {
    fc.assert(
      fc.property(anyFields(), (fields) => {
        const received = sent(fields);
        const document = { name: NAME, fields: received, createTime: 1n, updateTime: 2n };
        expect(sameFields(fields, received)).toBe(true);
        for (const form of [PROTO_FORM, PLAIN_FORM]) {
          const back = answered(document, form);
          expect({ ...back, fields: new Map(back.fields) }).toEqual({ ...document, fields });
        }
      }),
    );
  });

  it('are within the limits, however their bytes came about', () => {
    const bytes = anyFields().map((fields) => {
      const received = sent(fields);
      return received instanceof EncodedFields ? received.bytes : Buffer.from('');
    });
    const damage = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 2 });
    fc.assert(
      fc.property(bytes, damage, (whole, places) => {
        const damaged = Buffer.from(whole);
        for (const [at, byte] of places) if (damaged.length > 0) damaged[at % damaged.length] = byte;
        if (arePlainFields(damaged, 0, damaged.length)) checkDocument(NAME, new Map(decodeFields(damaged)));
      }),
      { numRuns: 1000 },
    );
  });
});

const text = (value: string): Value => ({ kind: 'string', value });
const nested = (depth: number): Value =>
  depth === 0 ? text('deep') : { kind: 'map', fields: new Map([['in', nested(depth - 1)]]) };

it('those of ordinary documents do', () => {
  const fields: Fields = new Map<string, Value>([
    ['user', text('Zoë \u{1f600}')],
    ['count', { kind: 'integer', value: -(2n ** 63n) }],
    ['seen', { kind: 'timestamp', micros: 1_767_225_600_123_456n }],
    ['flags', { kind: 'array', values: [{ kind: 'boolean', value: true }, { kind: 'null' }, nested(3)] }],
    ['picture', { kind: 'bytes', value: Buffer.alloc(300, 0xff) }],
    ['price', { kind: 'double', value: Number.NaN }],
  ]);
  expect(sent(fields)).toBeInstanceOf(EncodedFields);
});

it.each<[string, string, Value]>([
  ['a reserved name', '__it__', text('')],
  ['a time before 1970', 'it', { kind: 'timestamp', micros: -1n }],
  ['a reference', 'it', { kind: 'reference', name: NAME }],
  ['maps that are nested deeply', 'it', nested(19)],
  ['an array right in an array', 'it', { kind: 'array', values: [{ kind: 'array', values: [] }] }],
  ['much text', 'it', text('x'.repeat(200_000))],
])('those with %s do not: they need a closer look', (_what, key, value) => {
  expect(sent(new Map([[key, value]]))).toBeInstanceOf(Map);
});
