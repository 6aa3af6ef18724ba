import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { makeDeadlines } from './deadlines.ts';
import { Refusal } from './http.ts';
import { readBody } from './read-body.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server that reads bodies; each request's body, or refusal, as it comes. */
async function listen({
  maxBytes = 1_000,
  timeoutMs = 5_000,
  grow = (_bytes: number): unknown => undefined,
} = {}) {
  const deadlines = makeDeadlines(timeoutMs);
  const read: (string | Refusal)[] = [];
  server = createServer((incoming, response) => {
    readBody(incoming, { maxBytes, deadlines, grow })
      .then(
        (body) => read.push(body.toString()),
        (error: unknown) => read.push(error instanceof Refusal ? error : new Refusal(500, String(error))),
      )
      .finally(() => response.end('done'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { read, port: (server.address() as AddressInfo).port };
}

async function send(
  port: number,
  body: Buffer | string,
  headers: Record<string, string> = {},
): Promise<void> {
  const outgoing = request({ port, host: '127.0.0.1', method: 'POST', headers });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  response.resume();
  await once(response, 'end');
}

describe('readBody', () => {
  test.each([
    { encoding: undefined, encode: (text: string) => Buffer.from(text) },
    { encoding: 'identity', encode: (text: string) => Buffer.from(text) },
    { encoding: 'gzip', encode: gzipSync },
    { encoding: 'GZIP', encode: gzipSync },
    { encoding: 'deflate', encode: deflateSync },
    { encoding: 'br', encode: brotliCompressSync },
  ])('reads $encoding', async ({ encoding, encode }) => {
    const { read, port } = await listen();
    await send(port, encode('{"a":"ü"}'), encoding === undefined ? {} : { 'content-encoding': encoding });
    expect(read).toEqual(['{"a":"ü"}']);
  });

  const large = 'x'.repeat(1_001);
  test.each([
    { name: 'a large body', body: large, headers: {}, status: 413 },
    { name: 'a large body in chunks', body: large, headers: { 'transfer-encoding': 'chunked' }, status: 413 },
    {
      name: 'a gzip bomb',
      body: gzipSync(Buffer.alloc(50_000)),
      headers: { 'content-encoding': 'gzip' },
      status: 413,
    },
    {
      name: 'gzip without its end',
      body: gzipSync('hello').subarray(0, -9),
      headers: { 'content-encoding': 'gzip' },
      status: 400,
    },
    { name: 'broken gzip', body: 'hello', headers: { 'content-encoding': 'gzip' }, status: 400 },
    {
      name: 'an encoding that is a word of the language',
      body: 'hello',
      headers: { 'content-encoding': 'constructor' },
      status: 415,
    },
    { name: 'an unknown encoding', body: 'hello', headers: { 'content-encoding': 'zip' }, status: 415 },
  ])('$name is $status, and answered', async ({ body, headers, status }) => {
    const { read, port } = await listen();
    await send(port, body, headers);
    expect(read).toMatchObject([{ status }]);
  });

  const text = 'x'.repeat(500_000);
  const gzip = gzipSync(text);
  const chunked = { body: text, headers: { 'transfer-encoding': 'chunked' } };
  const inflated = { body: gzip, headers: { 'content-encoding': 'gzip' } };
  test.each([
    { name: 'of a declared length', body: text, headers: {}, most: 0 },
    { name: 'in chunks', ...chunked, most: 500_000 },
    { name: 'that is inflated', ...inflated, most: gzip.length + 500_000 },
  ])('a body $name: $most bytes are told as they come', async ({ body, headers, most }) => {
    const told: number[] = [];
    const { read, port } = await listen({ maxBytes: 1_000_000, grow: (bytes) => told.push(bytes) });
    await send(port, body, headers);
    expect(read).toEqual([text]);
    expect([told.at(-1) ?? 0, told]).toEqual([most, told.toSorted((a, b) => a - b)]);
  });

  test.each([
    { name: 'in chunks', ...chunked },
    { name: 'that is inflated', ...inflated },
  ])('a body $name ends, once, with the first part that has no room', async ({ body, headers }) => {
    const told: number[] = [];
    const grow = (bytes: number): void => {
      told.push(bytes);
      if (bytes > 100_000) throw new Refusal(503, 'no room');
    };
    const { read, port } = await listen({ maxBytes: 1_000_000, grow });
    await send(port, body, headers);
    expect(read).toMatchObject([{ status: 503, message: 'no room' }]);
    expect(told.filter((bytes) => bytes > 100_000)).toEqual(told.slice(-1));
  });

  test('a body that does not come is 408', async () => {
    const { read, port } = await listen({ maxBytes: 1_000, timeoutMs: 30 });
    const socket = connect(port, '127.0.0.1');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc');
    await expect.poll(() => read).toMatchObject([{ status: 408 }]);
    socket.destroy();
  });

  test('a client that leaves does not keep its request waiting', async () => {
    const { read, port } = await listen();
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const arrived = once(server ?? socket, 'request');
    socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc');
    await arrived;
    socket.destroy();
    await expect.poll(() => read).toMatchObject([{ status: 400 }]);
  });
});
