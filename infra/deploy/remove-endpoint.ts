import { EndpointServiceClient } from '@google-cloud/aiplatform/build/src/v1/endpoint_service_client.js';
import { required, runCommand } from '../../shared/command-line.ts';
import { ENDPOINT } from '../../shared/pipeline.ts';
import { vertexClientOptions } from '../../shared/vertex.ts';
import { gcloudAuth } from './access-token.ts';

const CALL = 'node infra/deploy/remove-endpoint.ts';

await runCommand({
  call: CALL,
  usage: `Usage: ${CALL} --project P --region R\n\nUndeploys every model of the endpoint, and deletes it.\n`,
  options: { project: { type: 'string', default: '' }, region: { type: 'string', default: '' } },
  run: async (values) => {
    const project = required('project', values.project);
    const region = required('region', values.region);
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
  },
});
