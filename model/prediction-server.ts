import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, Predict } from './predict.ts';
import { PREDICT_MAX_BYTES } from './protocol.ts';

export interface PredictionServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly healthRoute: string;
  readonly predictRoute: string;
}

export interface PredictionServer {
  readonly port: number;
  /** From now on healthy, and answering. */
  serve(predict: Predict): void;
  /** Refuses new requests, ends once those under way are answered. */
  close(): Promise<void>;
}

/**
 * The HTTP side of a Vertex AI custom prediction container: it listens at once, and is healthy once it has a model.
 * https://cloud.google.com/vertex-ai/docs/predictions/custom-container-requirements
 */
export async function startPredictionServer(options: PredictionServerOptions): Promise<PredictionServer> {
  let predict: Predict | undefined;
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path === options.healthRoute && request.method === 'GET') {
      send(response, predict ? { status: 200, body: '{}' } : unavailable);
    } else if (path === options.predictRoute && request.method === 'POST') {
      if (predict) receive(request, response, predict);
      else send(response, unavailable);
    } else
      send(response, {
        status: 404,
        body: JSON.stringify({
          error: `${request.method} ${path} is not served: GET ${options.healthRoute}, POST ${options.predictRoute} are`,
        }),
      });
  });
  server.keepAliveTimeout = 620_000; // longer than Google's load balancers keep a connection
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    serve(given) {
      predict = given;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

const unavailable: Answer = { status: 503, body: '{"error":"the model is being loaded: try again shortly"}' };

function receive(request: IncomingMessage, response: ServerResponse, predict: Predict): void {
  const chunks: Buffer[] = [];
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= PREDICT_MAX_BYTES) chunks.push(chunk);
  });
  request.on('end', () => {
    if (size > PREDICT_MAX_BYTES) {
      const error = `the request has ${size} bytes, at most ${PREDICT_MAX_BYTES} fit: send fewer instances`;
      send(response, { status: 413, body: JSON.stringify({ error }) });
      return;
    }
    const answer = predict(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
    if (answer instanceof Promise) void answer.then((later) => send(response, later));
    else send(response, answer);
  });
  request.on('error', () => response.destroy());
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...(status === 503 && { 'retry-after': '1' }),
  });
  response.end(body);
}
