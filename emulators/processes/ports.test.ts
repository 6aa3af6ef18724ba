import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { freePort, freePorts } from './ports.ts';

const servers: ReturnType<typeof createServer>[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

function listen(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}

test('ports that are told are free and different, and nobody gets them by asking for any', async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
  await Promise.all(Array.from({ length: 200 }, () => listen(0)));
  await Promise.all(ports.map(listen));
});

test('what is told once is not told again, though nobody listens there yet', async () => {
  const told = await freePorts(30);
  expect(told).not.toContain(await freePort());
});

test('a port that somebody listens on is passed over', async () => {
  const taken = (await freePort()) + 1;
  await listen(taken);
  expect(await freePorts(10)).not.toContain(taken);
});
