import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { Json } from '../../../shared/json.ts';
import { loadProtos, type Plain } from '../../protos.ts';
import { CODE, VertexError } from '../resources.ts';
import type { VertexBackend } from '../vertex-backend.ts';
import { endpointService } from './endpoint-service.ts';
import { modelService } from './model-service.ts';
import { makeOperations } from './operations.ts';
import { unary } from './unary.ts';
import { fromValue, toValue } from './values.ts';

const V1 = 'google.cloud.aiplatform.v1';

/** Predictions carry at most 1.5 MB each way; the rest of a message is small. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

/** Vertex AI's v1 services over gRPC, as far as training, serving and rolling back a model needs them. */
export async function startGrpc(
  backend: VertexBackend,
  { host = '127.0.0.1', port = 0 }: { readonly host?: string; readonly port?: number },
): Promise<{ readonly port: number; close(): void }> {
  const protos = loadProtos('@google-cloud/aiplatform/build/protos/protos.json');
  const operations = makeOperations(protos);
  const server = new Server({ 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES });

  server.addService(protos.service(`${V1}.PredictionService`), {
    Predict: unary(async ({ endpoint, instances = [], parameters }) => {
      const body = JSON.stringify({
        instances: (instances as readonly Plain[]).map(fromValue),
        ...(parameters === undefined ? {} : { parameters: fromValue(parameters as Plain) }),
      });
      const answer = await backend.predict(String(endpoint), body);
      const { predictions } = JSON.parse(answer.body) as { predictions?: readonly Json[] };
      if (!Array.isArray(predictions)) {
        throw new VertexError(CODE.INTERNAL, 'The model server answered no {"predictions":[…]}.');
      }
      return { predictions: predictions.map(toValue), deployedModelId: answer.deployedModelId };
    }),
    RawPredict: unary(async ({ endpoint, httpBody }) => {
      const data = (httpBody as { data?: Buffer } | undefined)?.data ?? Buffer.alloc(0);
      const { body } = await backend.predict(String(endpoint), data.toString('utf8'));
      return { contentType: 'application/json', data: Buffer.from(body) };
    }),
  });

  server.addService(protos.service(`${V1}.ModelService`), modelService(backend.registry, operations));
  server.addService(protos.service(`${V1}.EndpointService`), endpointService(backend, operations));
  server.addService(protos.service('google.longrunning.Operations'), {
    GetOperation: unary(({ name }) => operations.get(String(name))),
    ListOperations: unary(({ name }) => ({ operations: operations.list(String(name)) })),
    DeleteOperation: unary(({ name }) => {
      operations.remove(String(name));
      return {};
    }),
  });

  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, chosen) =>
      error ? reject(error) : resolve(chosen),
    );
  });
  return { port: bound, close: () => server.forceShutdown() };
}
