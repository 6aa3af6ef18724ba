import { describe, expect, test } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makeAdmission } from './admission.ts';
import { click, json, setUp } from './fixtures.ts';

describe('makeIngest', () => {
  test('answers per event, after each is durable as accepted or as failed', async () => {
    const shop = setUp();
    const response = await shop.send({ events: [click, { event_name: 'x' }, { ...click, event_id: 'e3' }] });

    expect(response.status).toBe(200);
    expect(json(response)).toEqual({
      accepted: 2,
      rejected: 1,
      events: [
        { index: 0, status: 'accepted', event_id: expect.stringMatching(/^[0-9a-f]{32}$/) },
        {
          index: 1,
          status: 'rejected',
          path: 'anonymous_id',
          message: expect.stringContaining('is required'),
        },
        { index: 2, status: 'accepted', event_id: 'e3' },
      ],
    });
    expect(shop.raw()).toHaveLength(2);
    expect(shop.raw()[0]?.collector).toEqual({
      received_at: '2026-11-21T00:00:00.000Z',
      protocol: 'native',
      origin: 'live',
      ip: '127.0.0.0',
    });
    expect(shop.failed()).toMatchObject([
      {
        reason: 'invalid_event',
        path: 'anonymous_id',
        payload: '{"event_name":"x"}',
        replay_topic: 'clickstream-inbox',
        received_at: '2026-11-21T00:00:00.000Z',
      },
    ]);
    expect(shop.observed).toEqual([{ in: 3, out: 2, failed: 1, status: 200, durationMs: 0 }]);
  });

  test('takes one event alone, a key and the time of sending in the body, and text/plain', async () => {
    const shop = setUp();
    const body = { ...click, writeKey: 'k2', sent_at: '2026-11-20T23:59:59Z' };
    const response = await shop.send(body, { headers: { 'content-type': 'text/plain;charset=UTF-8' } });
    expect(json(response)).toMatchObject({ accepted: 1, rejected: 0 });
    expect(shop.raw()[0]).toMatchObject({ ...click, collector: { sent_at: '2026-11-20T23:59:59.000Z' } });
  });

  test.each([
    { said: 'Fri, 20 Nov 2026 23:59:59 GMT', sent: '2026-11-20T23:59:59.000Z' },
    { said: '+010000-01-01T00:00:00Z', sent: undefined },
    { said: '-000001-01-01T00:00:00Z', sent: undefined },
    { said: 'yesterday', sent: undefined },
  ])('a time of sending $said is kept as $sent', async ({ said, sent }) => {
    const shop = setUp();
    await shop.send({ events: [click], sent_at: said });
    expect(shop.raw()[0]?.collector.sent_at).toBe(sent);
  });

  test('a request sent again has the same ids', async () => {
    const shop = setUp();
    await shop.send({ events: [click, click], sent_at: '2026-11-20T23:59:59Z' });
    await shop.send({ events: [click, click], sent_at: '2026-11-20T23:59:58Z' });
    const ids = shop.raw().map((event) => event.event_id);
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(2);
  });

  test.each([
    { name: 'no JSON', body: '{', status: 400, says: 'not JSON' },
    { name: 'not UTF-8', body: Buffer.of(0x7b, 0xff), status: 400, says: 'not UTF-8' },
    { name: 'nothing', body: '', status: 400, says: 'empty' },
    { name: 'a list', body: '[]', status: 400, says: 'is a list; send {"events"' },
    { name: 'a number', body: '7', status: 400, says: 'no object' },
    { name: 'no events', body: '{}', status: 400, says: 'no "events"' },
    { name: 'events that are no list', body: '{"events":{}}', status: 400, says: 'is not a list' },
    {
      name: 'too many events',
      body: JSON.stringify({ events: Array.from({ length: 2_501 }, () => 0) }),
      status: 413,
      says: '2500 are allowed',
    },
  ])('$name is $status, and nothing is published', async ({ body, status, says }) => {
    const shop = setUp();
    const bytes = Buffer.from(body);
    const response = await shop.send('', { readBody: async () => bytes });
    expect(response.status).toBe(status);
    expect(json(response)).toEqual({ error: expect.stringContaining(says) });
    expect(shop.published).toEqual([]);
    expect(shop.admission.requests).toBe(0);
  });

  test.each([
    { name: 'a wrong key', headers: { 'x-write-key': 'nope' } },
    { name: 'no key', headers: {} },
    { name: 'an empty key', headers: { authorization: `Basic ${Buffer.from(':').toString('base64')}` } },
  ])('$name is 401', async ({ headers }) => {
    const shop = setUp();
    const response = await shop.send({ events: [click] }, { headers });
    expect(response.status).toBe(401);
    expect(shop.published).toEqual([]);
  });

  test('a wrong key in a header is refused before the body is read', async () => {
    const readBody = async (): Promise<Buffer> => {
      throw new Error('was read');
    };
    const response = await setUp().send('', { headers: { 'x-write-key': 'nope' }, readBody });
    expect(response.status).toBe(401);
  });

  test.each(['application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    '%s is 415',
    async (type) => {
      const headers = { 'content-type': type, 'x-write-key': 'k1' };
      expect((await setUp().send({ events: [] }, { headers })).status).toBe(415);
    },
  );

  test.each([TOPICS.raw, TOPICS.failed])('503 with Retry-After where %s fails', async (broken) => {
    const shop = setUp({
      publish: async (topic) => {
        if (topic === broken) throw new TransientError('refused');
      },
    });
    const response = await shop.send({ events: [click, 7] });
    expect(response).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(shop.admission.requests).toBe(0);
  });

  test('503 where Pub/Sub is slow; the memory stays counted until it is free', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const shop = setUp({ publish: () => held, ackMs: 20 });
    const response = await shop.send({ events: [click] });
    expect(response).toMatchObject({ status: 503, headers: { 'retry-after': '2' } });
    expect(shop.admission.requests).toBe(1);
    release();
    await expect.poll(() => shop.admission.requests).toBe(0);
  });

  test('what waits for Pub/Sub counts as the bytes that it is by then', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const shop = setUp({ publish: () => held, ackMs: 20 });
    const body = JSON.stringify({
      events: Array.from({ length: 100 }, () => ({ event_name: 'x', user_id: 'u' })),
    });
    await shop.send(body);
    expect(shop.admission.bytes).toBeGreaterThan(3 * body.length);
    release();
    await expect.poll(() => shop.admission.bytes).toBe(0);
  });

  test('503 where too much is in flight', async () => {
    const shop = setUp({ admission: makeAdmission({ maxBytes: 10, maxRequests: 1 }) });
    expect(await shop.send({ events: [click] })).toMatchObject({
      status: 503,
      headers: { 'retry-after': '1' },
    });
  });

  test('503 while the process ends, for health too', async () => {
    const shop = setUp({ stopping: () => true });
    expect((await shop.send({ events: [click] })).status).toBe(503);
    expect((await shop.send('', { method: 'GET', path: '/health' })).status).toBe(503);
  });

  test('a failed publish fails the requests in it, and no others', async () => {
    let publishes = 0;
    const shop = setUp({
      publish: async () => {
        publishes += 1;
        if (publishes === 1) throw new TransientError('refused');
      },
    });
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => shop.send({ events: [click] })));
    expect([first?.status, second?.status, third?.status]).toEqual([503, 200, 200]);
  });

  test.each([
    { method: 'GET', path: '/health', status: 200 },
    { method: 'HEAD', path: '/health', status: 200 },
    { method: 'OPTIONS', path: '/v1/events', status: 204 },
    { method: 'GET', path: '/v1/events', status: 405 },
    { method: 'POST', path: '/nowhere', status: 404 },
  ])('$method $path: $status', async ({ method, path, status }) => {
    expect((await setUp().send('', { method, path })).status).toBe(status);
  });

  test('a key of the same source yields the same ids, so that a change of key doubles nothing', async () => {
    const shop = setUp();
    for (const key of ['k1', 'k2', 'k3']) {
      await shop.send({ events: [click] }, { headers: { 'x-write-key': key } });
    }
    const [old, changed, other] = shop.raw().map((event) => event.event_id);
    expect(changed).toBe(old);
    expect(other).not.toBe(old);
  });

  test.each([
    { key: 'k1', origin: 'https://shop.example', status: 200 },
    { key: 'k1', origin: 'https://app.example', status: 403 },
    { key: 'k3', origin: 'https://app.example', status: 200 },
    { key: 'k3', origin: 'https://shop.example', status: 403 },
    { key: 'k3', origin: 'null', status: 403 },
    { key: 'k3', origin: undefined, status: 200 },
  ])('the key $key from a page of $origin: $status', async ({ key, origin, status }) => {
    const shop = setUp();
    const headers = origin === undefined ? {} : { origin };
    const inHeader = await shop.send({ events: [click] }, { headers: { ...headers, 'x-write-key': key } });
    const inBody = await shop.send({ events: [click], writeKey: key }, { headers });
    expect([inHeader.status, inBody.status]).toEqual([status, status]);
    expect(shop.published).toHaveLength(status === 200 ? 2 : 0);
  });

  test('pages of allowed origins may read the answer, also of a refusal', async () => {
    const headers = (origin: string) => ({ origin, 'x-write-key': 'nope' });
    const allowed = await setUp().send('', { headers: headers('https://shop.example') });
    expect(allowed.headers).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      vary: 'Origin',
    });
    const other = await setUp().send('', { headers: headers('https://evil.example') });
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
  });
});
