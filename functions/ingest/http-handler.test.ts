import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { silentLogger } from '../../shared/log.ts';
import { makeAdmission } from './admission.ts';
import { click, setUp } from './fixtures.ts';
import { makeHttpHandler } from './http-handler.ts';

const EVENT = JSON.stringify(click);

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A collector that has room for so many bytes. */
async function listen(maxBytes: number) {
  const shop = setUp({ admission: makeAdmission({ maxBytes, maxRequests: 10 }) });
  const { handle } = makeHttpHandler({ ingest: shop.ingest, log: silentLogger, bodyTimeoutMs: 5_000 });
  server = createServer((request, response) => void handle(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { ...shop, port: (server.address() as AddressInfo).port };
}

/** A request whose body is of these headers, and what is answered. */
function post(port: number, headers: string) {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (part) => {
    answer += part.toString();
  });
  socket.on('error', () => undefined);
  socket.write(`POST /v1/events HTTP/1.1\r\nhost: x\r\nx-write-key: k1\r\n${headers}\r\n\r\n`);
  return { socket, answer: () => answer };
}

function writeChunk(socket: Socket, bytes: string): void {
  socket.write(`${bytes.length.toString(16)}\r\n${bytes}\r\n`);
}

test('a body in chunks counts as it comes, and is refused where it has no room', async () => {
  const { admission, port, raw } = await listen(1_000);
  const first = post(port, 'transfer-encoding: chunked');
  writeChunk(first.socket, `{"events":[${EVENT}],${' '.repeat(600)}`);
  await expect.poll(() => admission.bytes).toBeGreaterThan(600);

  const second = post(port, 'transfer-encoding: chunked');
  writeChunk(second.socket, ' '.repeat(300));
  await expect.poll(() => admission.requests).toBe(2);
  writeChunk(second.socket, ' '.repeat(300));
  await expect.poll(second.answer).toMatch(/^HTTP\/1\.1 503 [\s\S]*retry-after: 1/i);
  await expect.poll(() => admission.requests).toBe(1);

  writeChunk(first.socket, '"sent_at":"2026-11-20T23:59:59Z"}');
  first.socket.write('0\r\n\r\n');
  await expect.poll(first.answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(raw()).toHaveLength(1);
  expect([admission.requests, admission.bytes]).toEqual([0, 0]);
});
