import { EventEmitter } from 'node:events';
import type { protos } from '@google-cloud/bigquery-storage';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AppendRequest, type AppendStream, makeAppendConnection } from './append-connection.ts';

type Request = protos.google.cloud.bigquery.storage.v1.IAppendRowsRequest;

class FakeStream extends EventEmitter implements AppendStream {
  readonly requests: Request[] = [];
  destroyed = false;
  write(request: Request): boolean {
    this.requests.push(request);
    return true;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('close');
  }
}

function setUp({ deadlineMs = 1000, maxInFlightBytes = 100 } = {}) {
  const streams: FakeStream[] = [];
  const connection = makeAppendConnection({
    open: () => {
      const stream = new FakeStream();
      streams.push(stream);
      return stream;
    },
    deadlineMs,
    maxInFlightBytes,
  });
  const stream = (index = 0): FakeStream => {
    const found = streams[index];
    if (!found) throw new Error(`no stream ${index} was opened`);
    return found;
  };
  return { connection, streams, stream };
}

const request = (table = 'a', bytes = 10): AppendRequest => ({
  writeStream: table,
  descriptor: { name: table },
  rows: [new Uint8Array(bytes)],
  bytes,
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('makeAppendConnection', () => {
  test('answers requests in order, over one stream', async () => {
    const { connection, streams, stream } = setUp();
    const first = connection.append(request());
    const second = connection.append(request());
    stream().emit('data', {
      rowErrors: [{ index: '1', message: 'bad' }],
      error: { code: 3, message: 'rows' },
    });
    stream().emit('data', { appendResult: {} });
    expect(await first).toEqual([{ index: 1, message: 'bad' }]);
    expect(await second).toEqual([]);
    expect(streams).toHaveLength(1);
  });

  test('sends the schema with the first request and when the table changes', () => {
    const { connection, stream } = setUp();
    for (const table of ['a', 'a', 'b', 'a']) void connection.append(request(table));
    const schemas = stream().requests.map((sent) => sent.protoRows?.writerSchema?.protoDescriptor?.name);
    expect(schemas).toEqual(['a', undefined, 'b', 'a']);
  });

  test('holds back what exceeds the bytes under way, never all', async () => {
    const { connection, stream } = setUp({ maxInFlightBytes: 25 });
    void connection.append(request('a', 1000));
    void connection.append(request('a', 20));
    void connection.append(request('a', 5));
    expect(stream().requests).toHaveLength(1);
    stream().emit('data', {});
    expect(stream().requests).toHaveLength(3);
  });

  test('an error in an answer is that request’s alone', async () => {
    const { connection, stream } = setUp();
    const first = connection.append(request());
    const second = connection.append(request());
    stream().emit('data', { error: { code: 5, message: 'no such table' } });
    stream().emit('data', {});
    await expect(first).rejects.toMatchObject({ code: 5, message: 'no such table' });
    expect(await second).toEqual([]);
  });

  test('a stream that breaks fails what is pending, and the next append opens another, schema first', async () => {
    const { connection, stream } = setUp();
    const first = connection.append(request());
    const second = connection.append(request());
    stream().emit('error', Object.assign(new Error('no permission'), { code: 7 }));
    await expect(first).rejects.toMatchObject({ code: 7 });
    await expect(second).rejects.toMatchObject({ code: 14 });
    expect(stream().destroyed).toBe(true);
    const third = connection.append(request());
    expect(stream(1).requests[0]?.protoRows?.writerSchema).toBeDefined();
    stream().emit('data', { error: { code: 3 } });
    stream(1).emit('data', {});
    expect(await third).toEqual([]);
  });

  test('an idle stream that the service ends is replaced quietly', async () => {
    const { connection, stream } = setUp();
    const first = connection.append(request());
    stream().emit('data', {});
    await first;
    stream().emit('end');
    const second = connection.append(request());
    stream(1).emit('data', {});
    expect(await second).toEqual([]);
  });

  test('silence beyond the deadline counts as a broken stream; each answer starts the time anew', async () => {
    const { connection, stream } = setUp({ deadlineMs: 1000 });
    const first = connection.append(request());
    const second = connection.append(request());
    const failure = expect(second).rejects.toMatchObject({
      code: 14,
      message: expect.stringContaining('1000 ms'),
    });
    vi.advanceTimersByTime(900);
    stream().emit('data', {});
    expect(await first).toEqual([]);
    vi.advanceTimersByTime(900);
    expect(stream().destroyed).toBe(false);
    vi.advanceTimersByTime(100);
    await failure;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('what waited for room is sent over the next stream when one breaks', async () => {
    const { connection, stream } = setUp({ maxInFlightBytes: 10 });
    const first = connection.append(request());
    const waiting = connection.append(request());
    stream().emit('error', Object.assign(new Error('reset'), { code: 14 }));
    await expect(first).rejects.toMatchObject({ code: 14 });
    stream(1).emit('data', {});
    expect(await waiting).toEqual([]);
  });
});
