import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { Plain } from '../../protos.ts';
import { CODE, VertexError } from '../resources.ts';
import type { VertexBackend } from '../vertex-backend.ts';
import type { Operations } from './operations.ts';
import { filtered, parentOf, unary } from './unary.ts';

const V1 = 'google.cloud.aiplatform.v1';

type Split = Readonly<Record<string, number>>;

/** google.cloud.aiplatform.v1.EndpointService: endpoints, what is deployed to them, and who gets their traffic. */
export function endpointService(
  backend: VertexBackend,
  operations: Operations,
): UntypedServiceImplementation {
  const { registry } = backend;
  return {
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
    UpdateEndpoint: unary(({ endpoint, updateMask }) => {
      const { name, trafficSplit } = (endpoint ?? {}) as Plain;
      const { paths = [] } = (updateMask ?? {}) as { readonly paths?: readonly string[] };
      const other = paths.find((path) => path !== 'traffic_split');
      if (other !== undefined || paths.length === 0) {
        throw new VertexError(
          CODE.INVALID_ARGUMENT,
          `update_mask must name traffic_split here, and nothing else; it names "${paths.join(', ')}".`,
        );
      }
      return { ...registry.split(String(name), (trafficSplit ?? {}) as Split) };
    }),
    DeployModel: unary(({ endpoint, deployedModel, trafficSplit }) => {
      const { model, displayName, id } = (deployedModel ?? {}) as Plain;
      registry.endpoint(String(endpoint));
      registry.models.get(String(model));
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
  };
}
