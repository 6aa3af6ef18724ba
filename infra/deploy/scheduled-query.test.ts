import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { putScheduledQuery, removeScheduledQuery, type TransferApi } from './scheduled-query.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

let server: Server;
let api: TransferApi;
let seen: Seen[];
let configs: { name: string; displayName: string }[];
let refusal: string | undefined;

beforeEach(async () => {
  seen = [];
  configs = [];
  refusal = undefined;
  server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const body = JSON.parse(text || '{}') as Record<string, unknown>;
    seen.push({ method: request.method, url: request.url, body });
    if (refusal || request.headers.authorization !== 'Bearer t') {
      response.writeHead(403).end(refusal ?? 'no token');
      return;
    }
    const second = request.url?.includes('pageToken=2');
    if (request.method !== 'GET') response.end('{}');
    // The first page is always of others.
    else if (second) response.end(JSON.stringify({ transferConfigs: configs }));
    else
      response.end(
        JSON.stringify({ transferConfigs: [{ name: 'x', displayName: 'other' }], nextPageToken: '2' }),
      );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  api = { url: `http://127.0.0.1:${port}`, project: 'p', region: 'r', token: 't' };
});
afterEach(() => server.close());

const wanted = { displayName: 'gap', schedule: 'every 1 hours', query: 'SELECT 1', serviceAccount: 'a@p' };
const changes = () => seen.filter(({ method }) => method !== 'GET');

it('makes the query where there is none of that name', async () => {
  expect(await putScheduledQuery(api, wanted)).toBe('made');
  expect(changes()).toMatchObject([
    {
      method: 'POST',
      url: '/v1/projects/p/locations/r/transferConfigs?serviceAccountName=a%40p',
      body: {
        displayName: 'gap',
        dataSourceId: 'scheduled_query',
        schedule: 'every 1 hours',
        params: { query: 'SELECT 1' },
      },
    },
  ]);
});

it('brings the one that is there to date, and takes it away', async () => {
  configs = [{ name: 'projects/p/locations/r/transferConfigs/7', displayName: 'gap' }];
  expect(await putScheduledQuery(api, wanted)).toBe('changed');
  expect(await removeScheduledQuery(api, 'gap')).toBe(true);
  expect(await removeScheduledQuery(api, 'none')).toBe(false);
  expect(changes().map(({ method, url }) => [method, url?.split('?')[0]])).toEqual([
    ['PATCH', '/v1/projects/p/locations/r/transferConfigs/7'],
    ['DELETE', '/v1/projects/p/locations/r/transferConfigs/7'],
  ]);
});

it('says what the service answered', async () => {
  refusal = '{"error":{"status":"PERMISSION_DENIED"}}';
  await expect(putScheduledQuery(api, wanted)).rejects.toThrow(/answered 403: .*PERMISSION_DENIED/);
});
