import type { Route } from './route.ts';

const UPLOAD = {
  accept: ['*/*'],
  protocols: {
    simple: { multipart: true, path: '/upload/bigquery/v2/projects/{+projectId}/jobs' },
    resumable: { multipart: true, path: '/resumable/upload/bigquery/v2/projects/{+projectId}/jobs' },
  },
};

/**
 * The discovery document, made from the routes: what the `bq` command reads before anything else.
 * https://developers.google.com/discovery/v1/reference/apis
 */
export function discoveryDocument(routes: readonly Route[], base: string): Record<string, unknown> {
  const resources: Record<string, { methods: Record<string, unknown> }> = {};
  for (const { id, verb, path, query = [] } of routes) {
    const [resource = '', method = ''] = id.split('.');
    const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name);
    const parameters = Object.fromEntries([
      ...inPath.map((name) => [name, { type: 'string', location: 'path', required: true }]),
      ...query.map((name) => [name, { type: 'string', location: 'query' }]),
    ]);
    resources[resource] ??= { methods: {} };
    resources[resource].methods[method] = {
      id: `bigquery.${id}`,
      path: path.replace(/:(\w+)/g, '{+$1}'),
      httpMethod: verb,
      parameters,
      parameterOrder: inPath,
      ...(verb === 'GET' || verb === 'DELETE' ? {} : { request: { $ref: 'Any' } }),
      response: { $ref: 'Any' },
      scopes: ['https://www.googleapis.com/auth/bigquery'],
      // `bq` gives every job it inserts a media argument, most often an empty one.
      ...(id === 'jobs.insert' ? { supportsMediaUpload: true, mediaUpload: UPLOAD } : {}),
    };
  }
  return {
    kind: 'discovery#restDescription',
    discoveryVersion: 'v1',
    id: 'bigquery:v2',
    name: 'bigquery',
    version: 'v2',
    title: 'BigQuery API, on this machine',
    protocol: 'rest',
    rootUrl: `${base}/`,
    servicePath: 'bigquery/v2/',
    basePath: '/bigquery/v2/',
    baseUrl: `${base}/bigquery/v2/`,
    batchPath: 'batch/bigquery/v2',
    parameters: {},
    schemas: { Any: { id: 'Any', type: 'object', additionalProperties: { type: 'any' } } },
    auth: { oauth2: { scopes: { 'https://www.googleapis.com/auth/bigquery': { description: 'BigQuery' } } } },
    resources,
  };
}
