import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, test } from 'vitest';
import { TransientError } from '../../shared/errors.ts';
import { csvOf, HEADER, linesOf, makeInbox, NOW } from './fixtures.ts';

const LINE = '1441852593,1,view,10,100,7';

describe('an object', () => {
  test('has each of its records become an event or a failed event', async () => {
    const inbox = makeInbox();
    const lines = [LINE, HEADER, LINE.replace('view', 'transaction'), '1,2', LINE];
    await inbox.put('retailrocket/day.csv', gzipSync(csvOf(lines)));
    expect(inbox.raw().map((event) => event.event_name)).toEqual(['view_item', 'purchase', 'view_item']);
    expect(inbox.raw()[0]?.collector).toEqual({
      received_at: new Date(NOW).toISOString(),
      protocol: 'load:retailrocket',
      origin: 'live',
    });
    expect(new Set(inbox.raw().map((event) => event.event_id)).size).toBe(3);
    expect(inbox.failed()).toMatchObject([
      {
        reason: 'invalid_row',
        path: 'timestamp_s',
        message: expect.stringMatching(
          /timestamp_s is "timestamp_s".*\(gs:\/\/inbox\/retailrocket\/day.csv, line 3, offset 83\)/,
        ),
        payload: expect.stringContaining('"visitorid":"visitorid"'),
        function: 'load',
      },
      { reason: 'invalid_row', message: expect.stringContaining('line 5 has 2 fields') },
    ]);
    expect(inbox.loads()).toMatchObject([{ state: 'done', read: 5, out: 3, failed: 2, chunks: 1 }]);
  });

  test.each([
    ['live/retailrocket/day.csv', 'live'],
    ['retailrocket/2026/11/day.csv', 'live'],
  ])('%s is %s', async (name, origin) => {
    const inbox = makeInbox();
    await inbox.put(name, csvOf([LINE]));
    expect(inbox.raw().map((event) => event.collector.origin)).toEqual([origin]);
  });

  test.each(['retailrocket/', 'loose.csv', 'history/loose.csv', 'rejected/retailrocket/day.csv'])(
    '%s is left alone',
    async (name) => {
      const inbox = makeInbox();
      await inbox.put(name, csvOf([LINE]));
      expect(inbox.publishes).toEqual([]);
      expect(inbox.loads()).toEqual([]);
    },
  );

  test('that is gone is left alone', async () => {
    const inbox = makeInbox();
    const gone = { bucket: 'inbox', name: 'retailrocket/gone.csv', generation: '1' };
    expect(await inbox.load.onObject(gone, inbox.context)).toEqual({ read: 0, out: 0, failed: 0 });
    expect(inbox.publishes).toEqual([]);
  });

  test('is published in batches, never more at a time than allowed', async () => {
    let running = 0;
    let most = 0;
    const counts: number[] = [];
    const inbox = makeInbox(
      {},
      {
        publishChunks: async (_topic, chunks) => {
          running += 1;
          most = Math.max(most, running);
          await new Promise((resolve) => setImmediate(resolve));
          running -= 1;
          counts.push(...chunks.map(({ count }) => count));
        },
      },
    );
    await inbox.put('retailrocket/day.csv', csvOf(linesOf(2_700)));
    expect(counts).toEqual([500, 500, 500, 500, 500, 200]);
    expect(most).toBe(2);
  });

  test('has an event beyond the bytes of one become a failed event', async () => {
    const inbox = makeInbox({ maxBadShare: 1 });
    const event = { event_name: 'x', anonymous_id: 'a', event_time: '2026-01-01T00:00:00Z' };
    await inbox.put(
      'native/x.ndjson',
      JSON.stringify({ ...event, properties: { text: 'x'.repeat(40_000) } }),
    );
    expect(inbox.failed()).toMatchObject([{ reason: 'too_large', payload_truncated: false }]);
  });

  test('fails with its publish, so that it is delivered again', async () => {
    const publishChunks = async (): Promise<void> => {
      throw new TransientError('Pub/Sub is away');
    };
    const inbox = makeInbox({}, { publishChunks });
    inbox.files.set('retailrocket/day.csv', Buffer.from(csvOf(linesOf(3_000))));
    const object = { bucket: 'inbox', name: 'retailrocket/day.csv', generation: '1' };
    await expect(inbox.load.onObject(object, inbox.context)).rejects.toThrow('Pub/Sub is away');
    expect(inbox.loads()).toMatchObject([{ state: 'loading' }]);
  });
});

describe('once', () => {
  test('delivered again, an object loads nothing', async () => {
    const inbox = makeInbox();
    await inbox.put('retailrocket/day.csv', csvOf([LINE, LINE]));
    await inbox.put('retailrocket/day.csv', csvOf([LINE, LINE]));
    expect(inbox.raw()).toHaveLength(2);
    expect(new Set(inbox.raw().map((event) => event.event_id)).size).toBe(2);
  });

  test('uploaded again, under its name or another, the same bytes load nothing', async () => {
    const inbox = makeInbox();
    await inbox.put('retailrocket/day.csv', csvOf([LINE]), '1');
    await inbox.put('retailrocket/day.csv', csvOf([LINE]), '2');
    await inbox.put('retailrocket/copy.csv', csvOf([LINE]), '3');
    expect(inbox.raw()).toHaveLength(1);
    expect(inbox.loads().map(({ state }) => state)).toEqual(['done', 'duplicate', 'duplicate']);
    await inbox.put('history/retailrocket/day.csv', csvOf([LINE]), '4');
    expect(inbox.loads().at(-1)).toMatchObject({ state: 'done', kind: 'history' });
  });

  test('a file that has grown repeats the ids of what it had', async () => {
    const inbox = makeInbox();
    await inbox.put('retailrocket/day.csv', csvOf(linesOf(3)), '1');
    await inbox.put('retailrocket/day.csv', csvOf(linesOf(5)), '2');
    expect(new Set(inbox.raw().map((event) => event.event_id)).size).toBe(5);
  });
});

describe('chunks', () => {
  const text = csvOf([
    ...linesOf(30),
    '1441852593,1,view,"a\nb",100,7',
    ...linesOf(30).map((line) => `${line}1`),
  ]);
  const whole = async () => {
    const inbox = makeInbox();
    await inbox.put('retailrocket/day.csv', text);
    return inbox.raw();
  };

  test('wherever a plain file is cut, each record belongs to exactly one', async () => {
    const expected = await whole();
    expect(expected).toHaveLength(61);
    for (let chunkBytes = 1; chunkBytes < text.length; chunkBytes += 7) {
      const inbox = makeInbox({ chunkBytes });
      await inbox.put('retailrocket/day.csv', text);
      expect(inbox.raw()).toEqual(expected);
      expect(inbox.loads()).toMatchObject([{ state: 'done', read: 61, out: 61 }]);
    }
  });

  test('a compressed file goes on where a run ended', async () => {
    let now = NOW;
    const inbox = makeInbox({ chunkBytes: 20_000, runMs: 10 }, {}, () => {
      now += 1;
      return now;
    });
    const long = csvOf(linesOf(8_000));
    await inbox.put('retailrocket/day.csv', gzipSync(long), '1');
    await inbox.put('retailrocket/day.csv', zstdCompressSync(long), '2');
    const ids = inbox.raw().map((event) => event.event_id);
    expect(ids).toHaveLength(16_000);
    expect(new Set(ids).size).toBe(8_000);
    expect(inbox.publishes.filter(({ topic }) => topic === 'load-chunks').length).toBeGreaterThan(1);
    expect(inbox.loads()).toMatchObject([
      { state: 'done', read: 8_000 },
      { state: 'done', read: 8_000 },
    ]);
  });

  test('looking for chunks goes on where a run ended', async () => {
    const expected = await whole();
    let now = NOW;
    const inbox = makeInbox({ chunkBytes: 100, runMs: 20 }, {}, () => {
      now += 6;
      return now;
    });
    await inbox.put('retailrocket/day.csv', text);
    expect(inbox.raw().map((event) => event.event_id)).toEqual(expected.map((event) => event.event_id));
    expect(inbox.loads()).toMatchObject([{ state: 'done', read: 61, out: 61 }]);
  });

  test('a run that dies anywhere is followed by one that completes the load', async () => {
    const expected = new Set((await whole()).map((event) => event.event_id));
    const runs = fc.tuple(
      fc.integer({ min: 0, max: 40 }),
      fc.constantFrom('plain', 'gzip'),
      fc.constantFrom('', 'history/'),
    );
    await fc.assert(
      fc.asyncProperty(runs, async ([calls, form, folder]) => {
        const inbox = makeInbox({ chunkBytes: 300 });
        inbox.failAfter(calls);
        await inbox.put(`${folder}retailrocket/day.csv`, form === 'gzip' ? gzipSync(text) : text);
        const rows =
          folder === ''
            ? inbox.raw()
            : (inbox.warehouse as typeof inbox.raw extends () => infer R ? R : never);
        const ids = rows.map((event) => event.event_id);
        expect(new Set(ids).size).toBe(expected.size);
        if (folder !== '') expect(ids).toHaveLength(expected.size);
        expect(inbox.loads()).toMatchObject([{ state: 'done' }]);
      }),
      { numRuns: 60 },
    );
  });

  test('Parquet is divided by its row groups', async () => {
    const inbox = makeInbox();
    const count = 25;
    const columnData = [
      {
        name: 'timestamp',
        data: Array.from({ length: count }, (_, n) => BigInt(1441852593000 + n)),
        type: 'INT64' as const,
      },
      {
        name: 'visitorid',
        data: Array.from({ length: count }, (_, n) => String(n)),
        type: 'STRING' as const,
      },
      { name: 'event', data: Array.from({ length: count }, () => 'view'), type: 'STRING' as const },
      { name: 'itemid', data: Array.from({ length: count }, (_, n) => n), type: 'INT32' as const },
    ];
    await inbox.put(
      'retailrocket/day.parquet',
      Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 10 })),
    );
    expect(inbox.raw()).toHaveLength(count);
    expect(inbox.raw().at(-1)).toMatchObject({ anonymous_id: '24', items: [{ item_id: '24' }] });
    expect(inbox.loads()).toMatchObject([{ state: 'done', chunks: 3, read: count }]);
  });
});
