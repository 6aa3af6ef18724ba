import { EndpointServiceClient } from '@google-cloud/aiplatform/build/src/v1/endpoint_service_client.js';
import { vertexClientOptions } from '../../shared/vertex.ts';
import type { ModelEndpoint } from './release.ts';
import { type Deployed, type Split, splitFor, splitWithout } from './traffic.ts';
import type { VertexRegistry } from './vertex-registry.ts';

export interface VertexEndpointOptions {
  readonly project: string;
  readonly location: string;
  /** Display name of the endpoint; created where there is none. */
  readonly endpoint: string;
  readonly registry: VertexRegistry;
  readonly machineType: string;
  readonly maxReplicas: number;
}

/** An endpoint of Vertex AI; versions are told apart by the display name they are deployed under. */
export function makeVertexEndpoint(options: VertexEndpointOptions): ModelEndpoint {
  const { project, location, registry } = options;
  const parent = `projects/${project}/locations/${location}`;
  const endpoints = new EndpointServiceClient(vertexClientOptions(project, location));

  const findEndpoint = async (): Promise<string> => {
    const filter = `display_name="${options.endpoint}"`;
    const [found] = await endpoints.listEndpoints({ parent, filter });
    const known = found[0]?.name;
    if (known) return known;
    const [operation] = await endpoints.createEndpoint({
      parent,
      endpoint: { displayName: options.endpoint },
    });
    const [{ name }] = await operation.promise();
    if (name) return name;
    throw new Error(`Vertex AI answered no name for the endpoint ${options.endpoint} it made`);
  };

  const read = async (name: string): Promise<readonly Deployed[]> => {
    const [{ deployedModels, trafficSplit }] = await endpoints.getEndpoint({ name });
    return (deployedModels ?? []).map(({ id, displayName }) => ({
      id: id ?? '',
      version: displayName ?? '',
      share: trafficSplit?.[id ?? ''] ?? 0,
    }));
  };

  const move = async (name: string, trafficSplit: Split): Promise<void> => {
    const endpoint = { name, trafficSplit: { ...trafficSplit } };
    await endpoints.updateEndpoint({ endpoint, updateMask: { paths: ['traffic_split'] } });
  };

  const undeploy = async (endpoint: string, deployedModelId: string): Promise<void> => {
    const [operation] = await endpoints.undeployModel({ endpoint, deployedModelId });
    await operation.promise();
  };

  return {
    async serve(version, artifactUri, percent) {
      const endpoint = await findEndpoint();
      const deployed = await read(endpoint);
      const known = deployed.find((each) => each.version === version);
      if (known) {
        await move(endpoint, splitFor(known.id, percent, deployed));
        return endpoint;
      }
      const [operation] = await endpoints.deployModel({
        endpoint,
        deployedModel: {
          model: await registry.register(version, artifactUri),
          displayName: version,
          dedicatedResources: {
            machineSpec: { machineType: options.machineType },
            minReplicaCount: 1,
            maxReplicaCount: options.maxReplicas,
          },
        },
        // "0" stands for the model being deployed.
        trafficSplit: { ...splitFor('0', percent, deployed) },
      });
      await operation.promise();
      return endpoint;
    },
    async keepOnly(version) {
      const endpoint = await findEndpoint();
      const deployed = await read(endpoint);
      for (const { id } of deployed.filter((each) => each.version !== version)) await undeploy(endpoint, id);
      await registry.makeDefault(version);
    },
    async withdraw(version) {
      const endpoint = await findEndpoint();
      const deployed = await read(endpoint);
      const leaving = deployed.find((each) => each.version === version);
      if (!leaving) return;
      const others = splitWithout(leaving.id, deployed);
      if (Object.keys(others).length > 0) await move(endpoint, others);
      await undeploy(endpoint, leaving.id);
    },
  };
}
