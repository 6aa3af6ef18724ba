import { once } from 'node:events';
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that was made of Google's control plane. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Enough of Google's control plane for gcloud to run to its end, and a record of what it asked for. */
export interface RecordingGoogle {
  /** What points gcloud here. */
  readonly env: Readonly<Record<string, string>>;
  readonly requests: readonly RecordedRequest[];
  /** Puts a resource there, by its path without the version. */
  put(path: string, resource: object): void;
  close(): Promise<void>;
}

const SERVICES = [
  'CLOUDFUNCTIONS',
  'CLOUDRESOURCEMANAGER',
  'EVENTARC',
  'IAM',
  'PUBSUB',
  'RUN',
  'SERVICEUSAGE',
];
const PROJECT_NUMBER = '123456789012';

/** @param pubsubUrl where Pub/Sub's own requests go on to, policies aside, which no emulator has. */
export async function startRecordingGoogle(pubsubUrl: string): Promise<RecordingGoogle> {
  const requests: RecordedRequest[] = [];
  const resources = new Map<string, object>();
  const server = createServer((request, response) => {
    void read(request).then((raw) => {
      const url = new URL(request.url ?? '/', 'http://recorder');
      const method = request.method ?? 'GET';
      const body = jsonOf(raw);
      requests.push({ method, path: url.pathname, body });
      const isPubSub =
        /\/(topics|subscriptions)(\/|$)/.test(url.pathname) && !/IamPolicy$/.test(url.pathname);
      if (isPubSub) forward(pubsubUrl, request, raw, response);
      else answer(response, respond(resources, origin(), method, url, body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: {
      CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
      CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
      CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
      ...Object.fromEntries(
        SERVICES.map((service) => [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${service}`, `${origin()}/`]),
      ),
    },
    requests,
    put: (path, resource) => void resources.set(path, resource),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

interface Answer {
  readonly status: number;
  readonly body: object;
}
const ok = (body: object): Answer => ({ status: 200, body });
const FUNCTION_TYPE = { '@type': 'type.googleapis.com/google.cloud.functions.v2.Function' };
const OPERATION = {
  name: 'projects/recorded/locations/europe-west1/operations/recorded',
  done: true,
  metadata: {
    '@type': 'type.googleapis.com/google.cloud.functions.v2.OperationMetadata',
    operationType: 'CREATE_FUNCTION',
    stages: ['BUILD', 'SERVICE'].map((name) => ({ name, state: 'COMPLETE', message: 'done' })),
  },
};
const finished = (response: object): Answer => ok({ ...OPERATION, response });

function respond(
  resources: Map<string, object>,
  origin: string,
  method: string,
  url: URL,
  body: Readonly<Record<string, unknown>>,
): Answer {
  const path = url.pathname.replace(/^\/v\d\w*\//, '');
  if (path.endsWith('runtimes'))
    return ok({ runtimes: [{ name: 'nodejs24', environment: 'GEN_2', stage: 'GA' }] });
  if (path.includes('/operations/')) return finished(FUNCTION_TYPE);
  if (path.endsWith(':generateUploadUrl'))
    return ok({ uploadUrl: `${origin}/upload`, storageSource: { bucket: 'sources', object: 'source.zip' } });
  if (path.endsWith(':getIamPolicy')) return ok({ bindings: [], etag: 'eA==', version: 1 });
  if (path.endsWith(':setIamPolicy')) return ok((body.policy as object) ?? {});
  if (path.endsWith(':testIamPermissions')) return ok({ permissions: body.permissions });
  if (/^projects\/[^/]+$/.test(path))
    return ok({ projectId: path.split('/')[1], projectNumber: PROJECT_NUMBER, lifecycleState: 'ACTIVE' });
  if (/^projects\/[^/]+\/services\/[^/]+$/.test(path)) return ok({ name: path, state: 'ENABLED' });
  if (method === 'POST' && path.endsWith('/functions')) {
    const name = `${path}/${url.searchParams.get('functionId')}`;
    const service = name.replace('/functions/', '/services/');
    const config = (body.serviceConfig as object | undefined) ?? {};
    const trigger = body.eventTrigger as object | undefined;
    const made = {
      ...body,
      name,
      state: 'ACTIVE',
      environment: 'GEN_2',
      serviceConfig: { ...config, service, uri: 'https://recorded.run.app' },
      ...(trigger
        ? { eventTrigger: { ...trigger, trigger: name.replace('/functions/', '/triggers/') } }
        : {}),
    };
    resources.set(name, made);
    return finished({ ...FUNCTION_TYPE, ...made });
  }
  const found = resources.get(path);
  if (method === 'GET')
    return found
      ? ok(found)
      : { status: 404, body: { error: { code: 404, message: `${path} not found`, status: 'NOT_FOUND' } } };
  if (path === '/upload' || path === 'upload') return ok({});
  return finished(body);
}

function forward(to: string, request: IncomingMessage, raw: Buffer, response: ServerResponse): void {
  const headers = { ...request.headers, host: new URL(to).host };
  const onward = httpRequest(
    `${to}${request.url}`,
    { method: request.method ?? 'GET', headers },
    (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    },
  );
  onward.on('error', (error) =>
    answer(response, { status: 502, body: { error: { message: error.message } } }),
  );
  onward.end(raw);
}

function answer(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function jsonOf(raw: Buffer): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(raw.toString()) as Record<string, unknown>;
  } catch {
    return {};
  }
}
