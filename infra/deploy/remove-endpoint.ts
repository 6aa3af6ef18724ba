import { parseArgs } from 'node:util';
import { EndpointServiceClient } from '@google-cloud/aiplatform/build/src/v1/endpoint_service_client.js';
import { ENDPOINT } from '../../shared/pipeline.ts';
import { vertexClientOptions } from '../../shared/vertex.ts';
import { gcloudAuth } from './access-token.ts';

/** `node infra/deploy/remove-endpoint.ts --project P --region R`: undeploys every model of the endpoint, and deletes it. */
const { values } = parseArgs({ options: { project: { type: 'string' }, region: { type: 'string' } } });
const { project = '', region = '' } = values;
const options = vertexClientOptions(project, region);
const endpoints = new EndpointServiceClient(
  process.env.VERTEX_EMULATOR_HOST ? options : { ...options, authClient: gcloudAuth() },
);
const [found] = await endpoints.listEndpoints({
  parent: `projects/${project}/locations/${region}`,
  filter: `display_name="${ENDPOINT}"`,
});
for (const { name, deployedModels } of found) {
  if (!name) continue;
  for (const { id } of deployedModels ?? []) {
    if (!id) continue;
    const [undeploying] = await endpoints.undeployModel({ endpoint: name, deployedModelId: id });
    await undeploying.promise();
  }
  const [deleting] = await endpoints.deleteEndpoint({ name });
  await deleting.promise();
}
process.stdout.write(`${found.length} endpoints are deleted\n`);
