import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makePoster, type Poster } from './poster.ts';

const REQUEST = { headers: { 'content-type': 'application/json' }, body: '{"é":1}' } as const;
let server: Server;
let poster: Poster;
let url: URL;
let connections: number;
let answer: (number: number, end: (status: number) => void, reset: () => void) => void;
const bodies: string[] = [];

beforeEach(async () => {
  connections = 0;
  let requests = 0;
  bodies.length = 0;
  server = createServer((request, response) => {
    requests += 1;
    const number = requests;
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      bodies.push(body);
      answer(
        number,
        (status) => response.writeHead(status).end('some text'),
        () => request.socket.resetAndDestroy(),
      );
    });
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/path`);
  poster = makePoster();
});
afterEach(() => {
  poster.close();
  server.close();
  server.closeAllConnections();
});

test('posts over one connection as long as requests follow each other', async () => {
  answer = (_number, end) => end(200);
  for (let round = 0; round < 5; round += 1)
    expect(await poster.to(url)(REQUEST, 5_000)).toEqual({ status: 200 });
  expect(bodies).toEqual(Array.from({ length: 5 }, () => '{"é":1}'));
  expect(connections).toBe(1);
});

test('a connection that the endpoint had closed meanwhile is no failure', async () => {
  answer = (number, end, reset) => (number === 2 ? reset() : end(200));
  await poster.to(url)(REQUEST, 5_000);
  expect(await poster.to(url)(REQUEST, 5_000)).toEqual({ status: 200 });
  expect(connections).toBe(2);
});

test('a connection that breaks at its first request is one', async () => {
  answer = (_number, _end, reset) => reset();
  expect(await poster.to(url)(REQUEST, 5_000)).toMatchObject({ failed: 'unreachable' });
});

test('an endpoint that does not answer in time has failed', async () => {
  answer = () => undefined;
  const outcome = await poster.to(url)(REQUEST, 50);
  expect(outcome).toEqual({ failed: 'timeout', reason: 'no answer within 0.05 s' });
});

test('an endpoint that is not there cannot be reached', async () => {
  await new Promise((resolve) => server.close(resolve));
  expect(await poster.to(url)(REQUEST, 5_000)).toMatchObject({ failed: 'unreachable' });
});
