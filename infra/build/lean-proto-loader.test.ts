import { createRequire } from 'node:module';
import { fromJSON, type MethodDefinition, type ServiceDefinition } from '@grpc/proto-loader';
import { describe, expect, it } from 'vitest';
import { pruneProtos } from './pruned-protos.ts';

const require = createRequire(import.meta.url);
const lean = require('./lean-proto-loader.cjs') as { fromJSON: typeof fromJSON };
/** As google-gax asks for them. */
const OPTIONS = { longs: String, enums: String, defaults: true, oneofs: true };

type Method = MethodDefinition<object, object>;
type Services = Readonly<Record<string, Readonly<Record<string, Method>>>>;

/** The services of a `protos.json` by either loader; the original's messages and enums have a format. */
function servicesOf(load: typeof fromJSON, json: object): Services {
  const all = Object.entries(load(structuredClone(json) as never, OPTIONS));
  return Object.fromEntries(
    all.filter(([, { format }]) => format === undefined) as [string, ServiceDefinition][],
  ) as Services;
}

describe('the lean loader, beside @grpc/proto-loader', () => {
  it.each([
    ['pubsub-api', 'google.pubsub.v1.Publisher', 'Publish'],
    ['firestore-api', 'google.firestore.v1.Firestore', 'BatchWrite'],
    ['bigquery-storage', 'google.cloud.bigquery.storage.v1.BigQueryWrite', 'AppendRows'],
    ['aiplatform', 'google.cloud.aiplatform.v1.PredictionService', 'Predict'],
  ])('%s has the same methods', (product, service, method) => {
    const json = require(`../../node_modules/@google-cloud/${product}/build/protos/protos.json`) as object;
    const pruned = pruneProtos(json, [service]);
    const shapes = (services: Services) =>
      Object.entries(services).map(([name, methods]) => [
        name,
        Object.entries(methods).map(([method, { path, requestStream, responseStream, originalName }]) => ({
          method,
          path,
          requestStream,
          responseStream,
          originalName,
        })),
      ]);
    const ours = shapes(servicesOf(lean.fromJSON, pruned));
    expect(ours).toEqual(shapes(servicesOf(fromJSON, pruned)));
    expect(ours).toMatchObject([[service, expect.arrayContaining([expect.objectContaining({ method })])]]);
  });

  it('writes the same bytes, and reads them to the same object', () => {
    const json = require('../../node_modules/@google-cloud/pubsub-api/build/protos/protos.json') as object;
    const publish = (load: typeof fromJSON): Method => {
      const method = servicesOf(load, json)['google.pubsub.v1.Publisher']?.Publish;
      if (!method) throw new Error('there is no Publish');
      return method;
    };
    const request = {
      topic: 'projects/p/topics/t',
      messages: [{ data: Buffer.from('ä'), attributes: { a: 'b' }, publishTime: { seconds: '5', nanos: 7 } }],
    };
    const [ours, theirs] = [publish(lean.fromJSON), publish(fromJSON)];
    const bytes = Buffer.from(ours.requestSerialize(request));
    expect(bytes).toEqual(Buffer.from(theirs.requestSerialize(request)));
    expect(ours.requestDeserialize(bytes)).toEqual(theirs.requestDeserialize(bytes));
    const answer = Buffer.from(ours.responseSerialize({ messageIds: ['1', '2'] }));
    expect(answer).toEqual(Buffer.from(theirs.responseSerialize({ messageIds: ['1', '2'] })));
    expect(ours.responseDeserialize(answer)).toEqual(theirs.responseDeserialize(answer));
  });
});
