import { Hono } from 'hono';
import { faultRoutes } from '../faults/routes.ts';
import { CODE, VertexError } from './resources.ts';
import type { VertexBackend } from './vertex-backend.ts';

/** HTTP status of a gRPC code: https://cloud.google.com/apis/design/errors#http_mapping */
const STATUS: Readonly<Record<number, 400 | 404 | 409 | 429 | 500 | 501 | 503>> = {
  [CODE.INVALID_ARGUMENT]: 400,
  [CODE.NOT_FOUND]: 404,
  [CODE.ALREADY_EXISTS]: 409,
  [CODE.FAILED_PRECONDITION]: 400,
  8: 429,
  [CODE.UNIMPLEMENTED]: 501,
  [CODE.INTERNAL]: 500,
  [CODE.UNAVAILABLE]: 503,
};

/** Vertex AI's REST face: predictions and reading resources; and this emulator's own routes. */
export function makeRest(backend: VertexBackend): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    const code = error instanceof VertexError ? error.code : CODE.INTERNAL;
    const status = STATUS[code] ?? 500;
    return context.json({ error: { code: status, message: error.message } }, status);
  });
  app.get('/health', (context) => context.json({ status: 'ok' }));
  app.post('/reset', async (context) => {
    await backend.reset();
    return context.json({});
  });
  app.route('/', faultRoutes(backend.faults));
  app.get('/v1/projects/:project/locations/:location/endpoints', (context) => {
    const { project, location } = context.req.param();
    return context.json({
      endpoints: backend.registry.endpoints(`projects/${project}/locations/${location}`),
    });
  });
  app.get('/v1/projects/:project/locations/:location/endpoints/:id', (context) => {
    const { project, location, id } = context.req.param();
    return context.json(
      backend.registry.endpoint(`projects/${project}/locations/${location}/endpoints/${id}`),
    );
  });
  app.get('/v1/projects/:project/locations/:location/models', (context) => {
    const { project, location } = context.req.param();
    return context.json({
      models: backend.registry.models.list(`projects/${project}/locations/${location}`),
    });
  });
  app.post('/v1/projects/:project/locations/:location/endpoints/:call', async (context) => {
    const { project, location, call } = context.req.param();
    const [id, verb] = call.split(':');
    if (verb !== 'predict' && verb !== 'rawPredict') {
      throw new VertexError(CODE.UNIMPLEMENTED, `"${verb}" is not served here by REST; use gRPC.`);
    }
    const endpoint = `projects/${project}/locations/${location}/endpoints/${id}`;
    const { body, deployedModelId } = await backend.predict(endpoint, await context.req.text());
    return context.json({
      ...(JSON.parse(body) as object),
      ...(verb === 'predict' ? { deployedModelId } : {}),
    });
  });
  return app;
}
