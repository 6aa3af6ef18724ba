import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

const require = createRequire(import.meta.url);
interface Message {
  fromObject(fields: object): object;
  encode(message: object): { finish(): Uint8Array };
}
interface Protos {
  readonly google: {
    readonly firestore: { readonly v1: { readonly Value: Message } };
    readonly protobuf: {
      readonly DescriptorProto: Message;
      readonly FieldDescriptorProto: { readonly Type: Readonly<Record<string, unknown>> };
    };
  };
}
const reflect = require('./reflected-protos.cjs') as (json: object) => Protos;
const pairOf = (folder: string) => ({
  generated: require(`../../node_modules/${folder}/protos.js`) as Protos,
  reflected: reflect(require(`../../node_modules/${folder}/protos.json`) as object),
});

describe('reflectProtos, beside the generated code', () => {
  it('encodes the same bytes', () => {
    const { generated, reflected } = pairOf('@google-cloud/firestore-api/build/protos');
    const encode = ({ google }: Protos, fields: object) => {
      const { Value } = google.firestore.v1;
      return Buffer.from(Value.encode(Value.fromObject(fields)).finish()).toString('hex');
    };
    for (const fields of [
      { integerValue: '9007199254740993' },
      { nullValue: 'NULL_VALUE' },
      { arrayValue: { values: [{ stringValue: 'ä' }, { doubleValue: 0.1 }, { bytesValue: 'AAE=' }] } },
      { mapValue: { fields: { at: { timestampValue: { seconds: '5', nanos: 7 } } } } },
    ]) {
      expect(encode(reflected, fields)).toBe(encode(generated, fields));
    }
  });

  it('has enums by name and by number, and descriptors', () => {
    const { generated, reflected } = pairOf('@google-cloud/bigquery-storage/build/protos');
    const typeOf = ({ google }: Protos) => google.protobuf.FieldDescriptorProto.Type;
    expect(typeOf(reflected).TYPE_STRING).toBe(typeOf(generated).TYPE_STRING);
    expect(typeOf(reflected)[9]).toBe('TYPE_STRING');
    const fields = { name: 'row', field: [{ name: 'a', number: 1, type: 'TYPE_INT64', label: 1 }] };
    const bytes = ({ google }: Protos) =>
      Buffer.from(
        google.protobuf.DescriptorProto.encode(google.protobuf.DescriptorProto.fromObject(fields)).finish(),
      );
    expect(bytes(reflected)).toEqual(bytes(generated));
  });
});
