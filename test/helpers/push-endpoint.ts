import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that was pushed. */
export interface Pushed {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server that messages are pushed to. */
export interface PushEndpoint {
  readonly url: string;
  readonly pushed: readonly Pushed[];
  /** What the next requests are answered with; default 204. */
  answer: (pushed: Pushed) => number | Promise<number>;
  /** Resolves once so many requests have come in all; rejects after 15 s with what has. */
  received(count: number): Promise<readonly Pushed[]>;
  /** Refuses connections until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  close(): Promise<void>;
}

const PATIENCE_MS = 15_000;

export async function startPushEndpoint(): Promise<PushEndpoint> {
  const pushed: Pushed[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const one = {
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(parts).toString(),
      };
      pushed.push(one);
      for (const check of waiting) check();
      response.statusCode = await endpoint.answer(one);
      response.end();
    });
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => resolve());
    });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const endpoint: PushEndpoint = {
    url: `http://127.0.0.1:${port}/`,
    pushed,
    answer: () => 204,
    received: (count) =>
      new Promise((resolve, reject) => {
        const late = setTimeout(() => {
          waiting.delete(check);
          reject(new Error(`of ${count} requests came ${pushed.length}: ${JSON.stringify(pushed)}`));
        }, PATIENCE_MS);
        const check = (): void => {
          if (pushed.length < count) return;
          waiting.delete(check);
          clearTimeout(late);
          resolve(pushed);
        };
        waiting.add(check);
        check();
      }),
    down: close,
    up: () => listen(port),
    close,
  };
  return endpoint;
}

/** A wrapped message's body. */
export interface PushBody {
  readonly subscription: string;
  readonly deliveryAttempt?: number;
  readonly message: {
    readonly data: string;
    readonly messageId: string;
    readonly message_id: string;
    readonly publishTime: string;
    readonly publish_time: string;
    readonly attributes: Readonly<Record<string, string>>;
    readonly orderingKey?: string;
  };
}

/** What a wrapped push says. */
export const bodyOf = (pushed: Pushed | undefined): PushBody => JSON.parse(pushed?.body ?? '{}') as PushBody;
export const textOf = (pushed: Pushed): string =>
  Buffer.from(bodyOf(pushed).message.data, 'base64').toString();
