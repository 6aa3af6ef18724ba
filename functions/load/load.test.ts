import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import { FailedEvent, RawEvent } from '../../shared/events.ts';
import { silentLogger } from '../../shared/log.ts';
import { TOPICS, type Topic } from '../../shared/pipeline.ts';
import type { Publisher } from '../../shared/publisher.ts';
import { type InboxObject, makeLoad } from './load.ts';
import { SOURCES } from './sources/sources.ts';

const HEADER = 'timestamp_s,visitorid,event,itemid,sessionid,categoryid';
const LINE = '1441852593,1,view,10,100,7';

/** A load over files in memory, with what it published by topic. */
function setUp(files: Readonly<Record<string, string | Buffer>>, overrides: Partial<Publisher> = {}) {
  const published = new Map<Topic, object[]>();
  const publishes: { readonly topic: Topic; readonly count: number }[] = [];
  const publisher: Publisher = {
    publish: async (topic, events) => {
      publishes.push({ topic, count: events.length });
      published.set(topic, [...(published.get(topic) ?? []), ...events]);
    },
    ...overrides,
  };
  const load = makeLoad({
    identity: { name: 'load', version: '1' },
    objects: {
      open: async ({ name }: InboxObject) => {
        const bytes = files[name];
        return bytes === undefined ? undefined : Readable.from([Buffer.from(bytes)], { objectMode: false });
      },
    },
    sources: SOURCES,
    publisher,
    concurrency: 2,
    clock: () => Date.UTC(2026, 10, 21),
  });
  return {
    run: (name: string, generation = '1') => load({ bucket: 'inbox', name, generation }, {}, silentLogger),
    raw: () => RawEvent.array().parse(published.get(TOPICS.raw) ?? []),
    failed: () => FailedEvent.array().parse(published.get(TOPICS.failed) ?? []),
    publishes,
  };
}

describe('makeLoad', () => {
  test('every record is an event or a failed event', async () => {
    const lines = [HEADER, LINE, HEADER, LINE.replace('view', 'transaction'), '1,2', LINE];
    const shop = setUp({ 'retailrocket/day.csv': gzipSync(lines.join('\n')) });

    expect(await shop.run('retailrocket/day.csv')).toEqual({ read: 5, out: 3, failed: 2 });

    expect(shop.raw().map((event) => event.event_name)).toEqual(['view_item', 'purchase', 'view_item']);
    expect(shop.raw()[0]?.collector).toEqual({
      received_at: '2026-11-21T00:00:00.000Z',
      protocol: 'load:retailrocket',
      origin: 'live',
    });
    expect(new Set(shop.raw().map((event) => event.event_id)).size).toBe(3);
    expect(shop.failed()).toMatchObject([
      {
        reason: 'invalid_row',
        path: 'timestamp_s',
        message: expect.stringMatching(
          /timestamp_s is "timestamp_s".*\(record 2 of gs:\/\/inbox\/retailrocket\/day.csv\)/,
        ),
        payload: expect.stringContaining('"visitorid":"visitorid"'),
        function: 'load',
      },
      { reason: 'invalid_row', message: expect.stringContaining('record 4 has 2 fields') },
    ]);
  });

  test('delivered again, or uploaded again, it repeats ids of events and of failures', async () => {
    const text = [HEADER, LINE, LINE, HEADER, HEADER].join('\n');
    const shop = setUp({ 'retailrocket/day.csv': text });
    await shop.run('retailrocket/day.csv', '1');
    await shop.run('retailrocket/day.csv', '2');
    expect(shop.raw()).toHaveLength(4);
    expect(new Set(shop.raw().map((event) => event.event_id)).size).toBe(2);
    expect(shop.failed()).toHaveLength(4);
    expect(new Set(shop.failed().map((failure) => failure.failed_id)).size).toBe(2);
  });

  test.each([
    ['history/retailrocket/day.csv', 'history'],
    ['live/retailrocket/day.csv', 'live'],
    ['retailrocket/2026/11/day.csv', 'live'],
  ])('%s is %s', async (name, origin) => {
    const shop = setUp({ [name]: [HEADER, LINE].join('\n') });
    await shop.run(name);
    expect(shop.raw().map((event) => event.collector.origin)).toEqual([origin]);
  });

  test('publishes in batches', async () => {
    const event = { event_name: 'view_item', anonymous_id: 'a', event_time: '2026-01-01T00:00:00Z' };
    const text = Array.from({ length: 1_200 }, () => JSON.stringify(event)).join('\n');
    const shop = setUp({ 'native/x.ndjson': text });
    expect(await shop.run('native/x.ndjson')).toEqual({ read: 1_200, out: 1_200, failed: 0 });
    expect(shop.publishes.map(({ count }) => count)).toEqual([500, 500, 200]);
  });

  test('an event beyond the bytes of one is a failed event', async () => {
    const event = {
      event_name: 'x',
      anonymous_id: 'a',
      event_time: '2026-01-01T00:00:00Z',
      properties: { text: 'x'.repeat(40_000) },
    };
    const shop = setUp({ 'native/x.ndjson': JSON.stringify(event) });
    expect(await shop.run('native/x.ndjson')).toEqual({ read: 1, out: 0, failed: 1 });
    expect(shop.failed()).toMatchObject([{ reason: 'too_large', payload_truncated: true }]);
  });

  test('a file of an unknown source is one failed event that says what to do', async () => {
    const shop = setUp({ 'acme/x.csv': 'a\n1' });
    expect(await shop.run('acme/x.csv')).toEqual({ read: 0, out: 0, failed: 1 });
    expect(shop.failed()).toMatchObject([
      {
        message: 'no source is named "acme"; put the file under one of native, retailrocket',
        payload: '{"object":"gs://inbox/acme/x.csv"}',
      },
    ]);
  });

  test.each(['retailrocket/', 'loose.csv', 'history/loose.csv', 'retailrocket/gone.csv'])(
    '%s is left alone',
    async (name) => {
      const shop = setUp({ 'retailrocket/': '', 'loose.csv': 'a', 'history/loose.csv': 'a' });
      expect(await shop.run(name)).toEqual({ read: 0, out: 0, failed: 0 });
      expect(shop.publishes).toEqual([]);
    },
  );

  test('a publish that fails fails the load, so that it is delivered again', async () => {
    const publish = async (): Promise<void> => {
      throw new TransientError('Pub/Sub is away');
    };
    const many = [HEADER, ...Array.from({ length: 3_000 }, () => LINE)].join('\n');
    const shop = setUp({ 'retailrocket/day.csv': many }, { publish });
    await expect(shop.run('retailrocket/day.csv')).rejects.toThrow('Pub/Sub is away');
  });

  test('never more publishes at a time than allowed', async () => {
    let running = 0;
    let most = 0;
    const publish = async (): Promise<void> => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
    };
    const many = [HEADER, ...Array.from({ length: 5_000 }, () => LINE)].join('\n');
    await setUp({ 'retailrocket/day.csv': many }, { publish }).run('retailrocket/day.csv');
    expect(most).toBe(2);
  });
});
