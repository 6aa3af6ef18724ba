import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type FaultProxy, startFaultProxy } from './tcp-proxy.ts';

describe('a proxy that breaks connections', () => {
  let server: Server;
  let proxy: FaultProxy;
  let arrived = 0;

  beforeAll(async () => {
    server = createHttpServer(async (received, response) => {
      arrived += 1;
      response.end(await text(received));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    proxy = await startFaultProxy({
      to: { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    });
  });
  afterAll(async () => {
    await proxy?.close();
    server?.closeAllConnections();
    server?.close();
  });
  beforeEach(() => proxy.set({}));

  /** Over a connection of its own. */
  const echo = async (body: string): Promise<string> => {
    const sent = request({ port: proxy.port, host: '127.0.0.1', method: 'POST', agent: false }).end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return text(response);
  };

  test('passes bytes on, many of them, in their order', async () => {
    const body = Array.from({ length: 200_000 }, (_, index) => index).join(',');
    expect(await echo(body)).toBe(body);
    proxy.set({ latency_ms: 1 });
    expect(await echo(body)).toBe(body);
  });

  test('takes from a sender no faster than the receiver does', async () => {
    const bytes = 48 * 1024 * 1024;
    let isSent = false;
    const source = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(Buffer.alloc(bytes), () => {
        isSent = true;
      });
    }).listen(0, '127.0.0.1');
    await once(source, 'listening');
    const slow = await startFaultProxy({
      to: { host: '127.0.0.1', port: (source.address() as AddressInfo).port },
    });
    let receiver: Socket | undefined;
    try {
      receiver = connect({ host: '127.0.0.1', port: slow.port });
      await once(receiver, 'readable');
      // As many turns of this process as would carry all of it.
      const body = 'x'.repeat(1024 * 1024);
      for (let turn = 0; turn < 48; turn += 1) expect(await echo(body)).toBe(body);
      expect(isSent).toBe(false);
      let received = 0;
      for await (const chunk of receiver) received += (chunk as Buffer).length;
      expect(received).toBe(bytes);
      expect(isSent).toBe(true);
    } finally {
      receiver?.destroy();
      await slow.close();
      source.close();
    }
  });

  test('holds answers back until it is healed', async () => {
    proxy.set({ hang: true });
    const before = arrived;
    const answer = echo('waits');
    await expect.poll(() => arrived).toBe(before + 1);
    proxy.set({});
    expect(await answer).toBe('waits');
  });

  test('refuses connections, and takes them again', async () => {
    proxy.set({ refuse: true });
    await expect(echo('no')).rejects.toThrow();
    proxy.set({});
    expect(await echo('yes')).toBe('yes');
  });

  test('resets connections that are open, and takes new ones', async () => {
    proxy.set({ hang: true });
    const before = arrived;
    const answer = echo('lost');
    await expect.poll(() => arrived).toBe(before + 1);
    proxy.set({ reset: true });
    await expect(answer).rejects.toThrow();
    expect(await echo('new')).toBe('new');
  });
});
