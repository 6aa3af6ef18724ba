import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type Answer,
  accept,
  closeFakePubSubs,
  eventsOf,
  fakePubSub,
} from '../../test/helpers/fake-pubsub.ts';
import { endServedFunctions, serveFunction } from '../../test/helpers/serve-function.ts';

afterEach(() => {
  endServedFunctions();
  closeFakePubSubs();
});

const click = { event_name: 'view_item', anonymous_id: 'a' };

describe('under functions-framework', () => {
  test('takes events, and refuses what would exhaust it, in its own words', async () => {
    const pubsub = await fakePubSub([accept]);
    const { url } = await serveFunction('ingest', {
      PUBSUB_EMULATOR_HOST: pubsub.emulatorHost,
      WRITE_KEYS: 'k1',
    });
    const post = (body: NonNullable<RequestInit['body']>, headers: Record<string, string> = {}) =>
      fetch(`${url}/v1/events`, {
        method: 'POST',
        body,
        headers: { 'content-type': 'application/json', 'x-write-key': 'k1', ...headers },
      });
    const gzip = { 'content-encoding': 'gzip' };

    const taken = await post(JSON.stringify({ events: [click] }));
    expect([taken.status, await taken.json()]).toMatchObject([200, { accepted: 1 }]);
    expect(eventsOf(pubsub.requests[0])).toMatchObject([click]);
    expect((await post(gzipSync(JSON.stringify({ events: [click] })), gzip)).status).toBe(200);

    const broken = await post('{"events":');
    expect([broken.status, await broken.json()]).toEqual([
      400,
      { error: expect.stringContaining('not JSON') },
    ]);
    expect((await post(gzipSync(Buffer.alloc(50_000_000)), gzip)).status).toBe(413);
    expect((await post('{}', { 'x-write-key': 'k2' })).status).toBe(401);
    expect((await fetch(`${url}/health`)).status).toBe(200);
  });

  test('answers the request in flight when told to end', async () => {
    let release = (): void => undefined;
    const held: Answer = (request, callback) => {
      release = () => accept(request, callback);
    };
    const pubsub = await fakePubSub([held]);
    const { url, child } = await serveFunction('ingest', {
      PUBSUB_EMULATOR_HOST: pubsub.emulatorHost,
      WRITE_KEYS: 'k1',
      // Time enough on a busy machine.
      ACK_TIMEOUT_MS: '30000',
      SHUTDOWN_MS: '30000',
    });
    const answer = fetch(`${url}/v1/events`, {
      method: 'POST',
      body: JSON.stringify({ ...click, writeKey: 'k1' }),
    });
    await expect.poll(() => pubsub.requests.length).toBe(1);
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    await expect.poll(() => fetch(`${url}/health`).then((response) => response.status)).toBe(503);
    release();
    expect((await answer).status).toBe(200);
    expect(await exited).toEqual([0, null]);
  });

  test('the inbox takes what Pub/Sub pushes', async () => {
    const pubsub = await fakePubSub([accept]);
    const { url } = await serveFunction('inbox', { PUBSUB_EMULATOR_HOST: pubsub.emulatorHost });
    const response = await fetch(`${url}/projects/demo-test/topics/clickstream-inbox`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        subscription: 'projects/demo-test/subscriptions/s',
        message: {
          data: Buffer.from(JSON.stringify({ events: [click] })).toString('base64'),
          messageId: '1',
          publishTime: '2026-11-21T09:00:00Z',
        },
      }),
    });
    expect(response.status).toBe(204);
    expect(eventsOf(pubsub.requests[0])).toMatchObject([{ ...click, collector: { protocol: 'inbox' } }]);
  });

  test('says what is missing from its environment, and does not start', async () => {
    const { child, output } = await serveFunction('ingest', {});
    expect(child.exitCode).not.toBeNull();
    expect(output()).toContain('WRITE_KEYS is not set');
    expect(output()).toContain('comma-separated');
  });
});
