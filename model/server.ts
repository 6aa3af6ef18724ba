import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { count, loadConfig } from '../shared/config.ts';
import { makeLogger } from '../shared/log.ts';
import { type ArtifactSource, readArtifact } from './artifact.ts';
import { artifactAt } from './artifact-location.ts';
import { makePredict } from './predict.ts';
import { startPredictionServer } from './prediction-server.ts';
import { serveThread, startPredictionThreads, type ThreadData } from './prediction-threads.ts';
import { makeRecommender } from './recommender.ts';
import { sharing } from './shared-artifact.ts';

const variables = {
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
  MODEL_THREADS: count(1).describe(
    'Threads that answer, over one artifact in memory; as many as the machine has processors is best.',
  ),
};

if (isMainThread) await serve();
else if (parentPort) await serveThread(parentPort, workerData as ThreadData);

/** Listens at once, and answers when the model is loaded. */
async function serve(): Promise<void> {
  const config = loadConfig(variables);
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
    const { MODEL_THREADS: threads } = config;
    const stored = await artifactAt(config.AIP_STORAGE_URI);
    const { manifest, predict } = threads === 1 ? await answerHere(stored) : await answerBy(threads, stored);
    server.serve(predict);
    const { model_version, method } = manifest;
    log.info('the model is loaded', { model_version, method, threads, duration_ms: Date.now() - started });
    process.send?.({ type: 'ready', port: server.port, model_version });
  } catch (error) {
    log.error(`the model at ${config.AIP_STORAGE_URI} cannot be loaded`, { error });
    await server.close();
    process.exitCode = 1;
    process.disconnect?.();
  }
}

async function answerHere(stored: ArtifactSource) {
  const artifact = await readArtifact(stored);
  return { manifest: artifact.manifest, predict: makePredict(makeRecommender(artifact)) };
}

async function answerBy(count: number, stored: ArtifactSource) {
  const { source, files } = sharing(stored);
  const { manifest } = await readArtifact(source);
  const program = new URL(import.meta.url);
  const predict = await startPredictionThreads(program, count, { files, place: source.place });
  return { manifest, predict };
}
