import { Hono } from 'hono';
import { faultRoutes } from '../faults/routes.ts';
import { statusOfCode } from '../status-codes.ts';
import { CODE, VertexError } from './resources.ts';
import type { VertexBackend } from './vertex-backend.ts';

/** Vertex AI's REST face: predictions and reading resources; and this emulator's own routes. */
export function makeRest(backend: VertexBackend): Hono {
  const app = new Hono();
  app.onError((error, context) => {
    const code = error instanceof VertexError ? error.code : CODE.INTERNAL;
    const { name, http } = statusOfCode(code);
    return context.json({ error: { code: http, message: error.message, status: name } }, http as 400);
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
