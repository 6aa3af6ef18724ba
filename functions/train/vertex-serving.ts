import { EndpointServiceClient } from '@google-cloud/aiplatform/build/src/v1/endpoint_service_client.js';
import { ModelServiceClient } from '@google-cloud/aiplatform/build/src/v1/model_service_client.js';
import { vertexClientOptions } from '../../shared/vertex.ts';
import type { Serving } from './train.ts';

export interface VertexServingOptions {
  readonly project: string;
  readonly location: string;
  /** Display name of the endpoint; created where there is none. */
  readonly endpoint: string;
  /** The model server's container image. */
  readonly image: string;
  readonly machineType: string;
  readonly maxReplicas: number;
}

/** Serves models from a Vertex AI endpoint; versions are told apart by their display name. */
export function makeVertexServing(options: VertexServingOptions): Serving {
  const { project, location } = options;
  const parent = `projects/${project}/locations/${location}`;
  const clientOptions = vertexClientOptions(project, location);
  const models = new ModelServiceClient(clientOptions);
  const endpoints = new EndpointServiceClient(clientOptions);

  const findEndpoint = async (): Promise<string> => {
    const filter = `display_name="${options.endpoint}"`;
    const [found] = await endpoints.listEndpoints({ parent, filter });
    const known = found[0]?.name;
    if (known) return known;
    const [operation] = await endpoints.createEndpoint({
      parent,
      endpoint: { displayName: options.endpoint },
    });
    const [created] = await operation.promise();
    return named(created.name, 'endpoint');
  };

  const uploadModel = async (version: string, artifactUri: string): Promise<string> => {
    const [found] = await models.listModels({ parent, filter: `display_name="${version}"` });
    const known = found[0]?.name;
    if (known) return known;
    const [operation] = await models.uploadModel({
      parent,
      model: {
        displayName: version,
        artifactUri,
        containerSpec: {
          imageUri: options.image,
          predictRoute: '/predict',
          healthRoute: '/health',
          ports: [{ containerPort: 8080 }],
        },
      },
    });
    const [{ model }] = await operation.promise();
    return named(model, 'model');
  };

  return {
    async serve(version, artifactUri) {
      const endpoint = await findEndpoint();
      const [state] = await endpoints.getEndpoint({ name: endpoint });
      const deployed = state.deployedModels ?? [];
      if (!deployed.some(({ displayName }) => displayName === version)) {
        const model = await uploadModel(version, artifactUri);
        const [operation] = await endpoints.deployModel({
          endpoint,
          deployedModel: {
            model,
            displayName: version,
            dedicatedResources: {
              machineSpec: { machineType: options.machineType },
              minReplicaCount: 1,
              maxReplicaCount: options.maxReplicas,
            },
          },
          // All traffic to the model being deployed, which "0" stands for.
          trafficSplit: { 0: 100 },
        });
        await operation.promise();
      }
      for (const { id, displayName } of deployed) {
        if (!id || displayName === version) continue;
        const [operation] = await endpoints.undeployModel({ endpoint, deployedModelId: id });
        await operation.promise();
      }
      return endpoint;
    },
  };
}

function named(name: string | null | undefined, what: string): string {
  if (name) return name;
  throw new Error(`Vertex AI answered no name for the ${what} it made`);
}
