import { fileURLToPath } from 'node:url';
import { EndpointServiceClient } from '@google-cloud/aiplatform/build/src/v1/endpoint_service_client.js';
import { ModelServiceClient } from '@google-cloud/aiplatform/build/src/v1/model_service_client.js';
import { PredictionServiceClient } from '@google-cloud/aiplatform/build/src/v1/prediction_service_client.js';
import { credentials } from '@grpc/grpc-js';
import type { RunningEmulator } from '../../emulators/emulator.ts';
import { fromValue, toValue } from '../../emulators/vertex/grpc/values.ts';

/** A program that the emulator runs as the container of every model. */
export const ECHO_SERVER = fileURLToPath(new URL('./echo-model-server.ts', import.meta.url));

export const PARENT = 'projects/demo-x/locations/us-central1';

/** What an upload may say beside what every model of these tests has. */
interface Filing {
  readonly modelId?: string;
  readonly parentModel?: string;
  readonly versionAliases?: string[];
  readonly labels?: Record<string, string>;
}

/** Google's own clients on an emulator, and the steps that the tests are made of. */
export function connectVertex({ env }: Pick<RunningEmulator, 'env'>) {
  const [apiEndpoint = '', port = ''] = (env.VERTEX_EMULATOR_HOST ?? '').split(':');
  const options = {
    apiEndpoint,
    port: Number(port),
    sslCreds: credentials.createInsecure(),
    projectId: 'demo-x',
  };
  const models = new ModelServiceClient(options);
  const endpoints = new EndpointServiceClient(options);
  const predictions = new PredictionServiceClient(options);
  return {
    models,
    endpoints,
    /** Answers the model's resource name. */
    async upload(artifactUri: string, { modelId, parentModel, ...fields }: Filing = {}): Promise<string> {
      const [operation] = await models.uploadModel({
        parent: PARENT,
        ...(modelId !== undefined && { modelId }),
        ...(parentModel !== undefined && { parentModel }),
        model: {
          displayName: 'recommender',
          artifactUri,
          containerSpec: { imageUri: 'x', healthRoute: '/ok' },
          ...fields,
        },
      });
      const [{ model }] = await operation.promise();
      return model ?? '';
    },
    /** Answers the endpoint's resource name. */
    async createEndpoint(displayName: string): Promise<string> {
      const [operation] = await endpoints.createEndpoint({ parent: PARENT, endpoint: { displayName } });
      const [{ name }] = await operation.promise();
      return name ?? '';
    },
    /** Answers the deployed model's id. */
    async deploy(endpoint: string, model: string, trafficSplit: Record<string, number>): Promise<string> {
      const [operation] = await endpoints.deployModel({
        endpoint,
        deployedModel: {
          model,
          displayName: 'v',
          dedicatedResources: { machineSpec: { machineType: 'n1-standard-2' } },
        },
        trafficSplit,
      });
      const [{ deployedModel }] = await operation.promise();
      return deployedModel?.id ?? '';
    },
    async predict(endpoint: string, instance: Record<string, string>): Promise<unknown> {
      const [answer] = await predictions.predict({ endpoint, instances: [toValue(instance)] } as never);
      return (answer.predictions ?? []).map((value) => fromValue(value as Record<string, unknown>));
    },
    async close(): Promise<void> {
      await Promise.all([models, endpoints, predictions].map((client) => client.close()));
    },
  };
}
