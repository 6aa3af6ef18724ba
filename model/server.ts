import { z } from 'zod';
import { loadConfig } from '../shared/config.ts';
import { makeLogger } from '../shared/log.ts';
import { readArtifact } from './artifact.ts';
import { artifactAt } from './artifact-location.ts';
import { startPredictionServer } from './prediction-server.ts';
import { makeRecommender } from './recommender.ts';

const config = loadConfig({
  AIP_HTTP_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(8080)
    .describe('Port to listen on; 0 for any free one. Set by Vertex AI.'),
  AIP_HEALTH_ROUTE: z
    .string()
    .startsWith('/')
    .default('/health')
    .describe('Path of the health check, such as /health. Set by Vertex AI.'),
  AIP_PREDICT_ROUTE: z
    .string()
    .startsWith('/')
    .default('/predict')
    .describe('Path of predictions, such as /predict. Set by Vertex AI.'),
  AIP_STORAGE_URI: z
    .string()
    .min(1)
    .describe(
      'Where the artifact is: gs://bucket/models/<version>, or a local directory. Set by Vertex AI from the model.',
    ),
  AIP_HTTP_HOST: z
    .string()
    .default('0.0.0.0')
    .describe('Address to listen on; 127.0.0.1 for this machine alone.'),
});

const log = makeLogger({ fields: { function: 'model-server' } });
const server = await startPredictionServer({
  host: config.AIP_HTTP_HOST,
  port: config.AIP_HTTP_PORT,
  healthRoute: config.AIP_HEALTH_ROUTE,
  predictRoute: config.AIP_PREDICT_ROUTE,
});
log.info('listening', { port: server.port });
process.send?.({ type: 'listening', port: server.port });

for (const signal of ['SIGTERM', 'SIGINT'] as const)
  process.once(signal, () => {
    log.info(`${signal}: answering what is under way, then ending`);
    void server.close().then(() => process.exit(0));
  });

try {
  const started = Date.now();
  const artifact = await readArtifact(await artifactAt(config.AIP_STORAGE_URI));
  server.serve(makeRecommender(artifact));
  log.info('the model is loaded', {
    model_version: artifact.manifest.model_version,
    method: artifact.manifest.method,
    duration_ms: Date.now() - started,
  });
  process.send?.({ type: 'ready', port: server.port, model_version: artifact.manifest.model_version });
} catch (error) {
  log.error(`the model at ${config.AIP_STORAGE_URI} cannot be loaded`, { error });
  await server.close();
  process.exitCode = 1;
  process.disconnect?.();
}
