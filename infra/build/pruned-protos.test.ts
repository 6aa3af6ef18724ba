import { createRequire } from 'node:module';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { pruneProtos } from './pruned-protos.ts';

const type = (
  fields: Readonly<Record<string, string>>,
  nested: Record<string, protobuf.AnyNestedObject> = {},
): protobuf.IType => ({
  fields: Object.fromEntries(
    Object.entries(fields).map(([name, of], index) => [name, { type: of, id: index + 1 }]),
  ),
  nested,
});

const service = (method: string, requestType: string, responseType: string): protobuf.IService => ({
  methods: { [method]: { requestType, responseType, comment: '' } },
});

describe('pruneProtos', () => {
  const protos: protobuf.INamespace = {
    nested: {
      shop: {
        nested: {
          Orders: service('Place', 'Order', 'other.Receipt'),
          Returns: service('Send', 'Parcel', 'Order'),
          Order: type({ lines: 'Line', parent: 'Order' }, { Line: type({ colour: 'Colour' }) }),
          Colour: { values: { RED: 0 } },
          Parcel: type({ weight: 'int32' }),
        },
      },
      other: { nested: { Receipt: type({ text: 'string' }), Unread: type({ text: 'string' }) } },
    },
  };

  test('keeps what a service leads to, and nothing else', () => {
    const pruned = pruneProtos(protos, ['shop.Orders', 'shop.nothing', 'other']);
    const spaces = pruned.nested as Readonly<Record<string, protobuf.INamespace>>;
    const namesIn = (space: string) => Object.keys(spaces[space]?.nested ?? {});
    expect(namesIn('shop')).toEqual(['Orders', 'Order', 'Colour']);
    expect(namesIn('other')).toEqual(['Receipt']);
    expect(() => protobuf.Root.fromJSON(structuredClone(pruned)).resolveAll()).not.toThrow();
  });

  test('a prediction can be written and read by a twentieth of what Vertex AI has', () => {
    const all = createRequire(import.meta.url)(
      '@google-cloud/aiplatform/build/protos/protos.json',
    ) as protobuf.INamespace;
    const pruned = pruneProtos(all, ['google.cloud.aiplatform.v1.PredictionService']);
    expect(JSON.stringify(pruned).length).toBeLessThan(JSON.stringify(all).length / 20);
    const Request = protobuf.Root.fromJSON(pruned).lookupType('google.cloud.aiplatform.v1.PredictRequest');
    const request = { endpoint: 'e', instances: [{ structValue: { fields: { n: { numberValue: 1 } } } }] };
    const read = Request.decode(Request.encode(Request.fromObject(request)).finish());
    expect(Request.toObject(read)).toMatchObject({ endpoint: 'e', instances: [{ structValue: {} }] });
  });
});
