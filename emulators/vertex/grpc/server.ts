import {
  type handleUnaryCall,
  Metadata,
  Server,
  ServerCredentials,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Json } from '../../../shared/json.ts';
import { loadProtos, type Plain } from '../../protos.ts';
import { CODE, type ContainerSpec, VertexError } from '../resources.ts';
import type { VertexBackend } from '../vertex-backend.ts';
import { makeOperations } from './operations.ts';
import { fromValue, toValue } from './values.ts';

const V1 = 'google.cloud.aiplatform.v1';

/** Predictions carry at most 1.5 MB each way; the rest of a message is small. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024;

type Split = Readonly<Record<string, number>>;

/** Vertex AI's v1 services over gRPC, as far as training, serving and rolling back a model needs them. */
export async function startGrpc(
  backend: VertexBackend,
  { host = '127.0.0.1', port = 0 }: { readonly host?: string; readonly port?: number },
): Promise<{ readonly port: number; close(): void }> {
  const protos = loadProtos('@google-cloud/aiplatform/build/protos/protos.json');
  const operations = makeOperations(protos);
  const { registry } = backend;
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

  server.addService(protos.service(`${V1}.ModelService`), {
    UploadModel: unary(({ parent, model, modelId }) => {
      const { displayName, artifactUri, containerSpec } = (model ?? {}) as Plain;
      if (!displayName || !containerSpec) {
        throw new VertexError(
          CODE.INVALID_ARGUMENT,
          'model.display_name and model.container_spec are required.',
        );
      }
      return operations.start(String(parent), `${V1}.UploadModelResponse`, async () => {
        const fields = {
          displayName: String(displayName),
          artifactUri: String(artifactUri ?? ''),
          containerSpec: containerSpec as ContainerSpec,
        };
        const added = registry.addModel(String(parent), fields, modelId ? String(modelId) : undefined);
        return { model: added.name, modelVersionId: added.versionId };
      });
    }),
    GetModel: unary(({ name }) => ({ ...registry.model(String(name)) })),
    ListModels: unary(({ parent, filter }) => ({
      models: filtered(registry.models(String(parent)), filter),
    })),
    DeleteModel: unary(({ name }) =>
      operations.start(parentOf(name), 'google.protobuf.Empty', async () => {
        registry.removeModel(String(name));
        return {};
      }),
    ),
  });

  server.addService(protos.service(`${V1}.EndpointService`), {
    CreateEndpoint: unary(({ parent, endpoint, endpointId }) =>
      operations.start(String(parent), `${V1}.Endpoint`, async () => {
        const { displayName } = (endpoint ?? {}) as Plain;
        const id = endpointId ? String(endpointId) : undefined;
        return { ...registry.addEndpoint(String(parent), String(displayName ?? ''), id) };
      }),
    ),
    GetEndpoint: unary(({ name }) => ({ ...registry.endpoint(String(name)) })),
    ListEndpoints: unary(({ parent, filter }) => ({
      endpoints: filtered(registry.endpoints(String(parent)), filter),
    })),
    UpdateEndpoint: unary(({ endpoint }) => {
      const { name, trafficSplit } = (endpoint ?? {}) as Plain;
      return { ...registry.split(String(name), (trafficSplit ?? {}) as Split) };
    }),
    DeployModel: unary(({ endpoint, deployedModel, trafficSplit }) => {
      const { model, displayName, id } = (deployedModel ?? {}) as Plain;
      registry.endpoint(String(endpoint));
      registry.model(String(model));
      return operations.start(String(endpoint), `${V1}.DeployModelResponse`, async () => ({
        deployedModel: {
          ...(await backend.deploy(
            String(endpoint),
            String(model),
            String(displayName ?? ''),
            (trafficSplit ?? {}) as Split,
            id ? String(id) : undefined,
          )),
        },
      }));
    }),
    UndeployModel: unary(({ endpoint, deployedModelId, trafficSplit }) =>
      operations.start(String(endpoint), `${V1}.UndeployModelResponse`, async () => {
        await backend.undeploy(String(endpoint), String(deployedModelId), (trafficSplit ?? {}) as Split);
        return {};
      }),
    ),
    DeleteEndpoint: unary(({ name }) =>
      operations.start(parentOf(name), 'google.protobuf.Empty', async () => {
        registry.removeEndpoint(String(name));
        return {};
      }),
    ),
  });

  server.addService(protos.service('google.longrunning.Operations'), {
    GetOperation: unary(({ name }) => operations.get(String(name))),
  });

  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, chosen) =>
      error ? reject(error) : resolve(chosen),
    );
  });
  return { port: bound, close: () => server.forceShutdown() };
}

/** `projects/P/locations/L/…` → `projects/P/locations/L`. */
function parentOf(name: unknown): string {
  return String(name).split('/').slice(0, 4).join('/');
}

/** The one filter that is understood: `display_name="…"`. */
function filtered<T extends { readonly displayName: string }>(list: readonly T[], filter: unknown): T[] {
  if (!filter) return [...list];
  const wanted = /^\s*display_name\s*=\s*"?([^"]*?)"?\s*$/.exec(String(filter))?.[1];
  if (wanted === undefined) {
    throw new VertexError(
      CODE.INVALID_ARGUMENT,
      `The filter ${filter} is not understood here; use display_name="…".`,
    );
  }
  return list.filter(({ displayName }) => displayName === wanted);
}

/** A handler from plain request to plain response; errors become gRPC's. */
function unary(handle: (request: Plain) => Plain | Promise<Plain>): UntypedServiceImplementation[string] {
  const call: handleUnaryCall<Plain, Plain> = (received, answer) => {
    Promise.resolve()
      .then(() => handle(received.request))
      .then(
        (response) => answer(null, response),
        (error: unknown) => {
          const code = error instanceof VertexError ? error.code : CODE.INTERNAL;
          const details = error instanceof Error ? error.message : String(error);
          answer({ name: 'ServiceError', message: details, code, details, metadata: new Metadata() });
        },
      );
  };
  return call;
}
