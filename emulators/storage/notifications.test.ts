import { describe, expect, it } from 'vitest';
import { makeNotifier, type RetryPolicy } from './notifications.ts';
import type { StoredObject } from './object-store.ts';

const object = (name: string, bucket = 'inbox'): StoredObject => ({
  bucket,
  name,
  generation: '7',
  metageneration: 1,
  size: 3,
  crc32c: 'c',
  md5Hash: 'm',
  timeCreated: '2026-11-21T12:00:00.000Z',
  updated: '2026-11-21T12:00:00.000Z',
  fields: { contentType: 'text/csv' },
});

/** A notifier whose endpoint answers a script, and whose timers run when told. */
function setUp(answers: readonly (number | Error)[], retry: Partial<RetryPolicy> = {}) {
  const posts: { url: string; headers: Readonly<Record<string, string>>; body: Record<string, unknown> }[] =
    [];
  const timers: { task: () => void; ms: number }[] = [];
  const notifier = makeNotifier({
    async post(url, headers, body) {
      const answer = answers[Math.min(posts.length, answers.length - 1)] ?? 200;
      posts.push({ url, headers, body: JSON.parse(body) as Record<string, unknown> });
      if (answer instanceof Error) throw answer;
      return answer;
    },
    retry: {
      minBackoffMs: 100,
      maxBackoffMs: 300,
      maxAttempts: 5,
      timeoutMs: 1000,
      concurrency: 2,
      ...retry,
    },
    base: () => 'http://emulator',
    setTimer: (task, ms) => timers.push({ task, ms }),
  });
  /** Runs timers until none is left, and says how long they waited. */
  const settle = async (): Promise<number[]> => {
    const waits: number[] = [];
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const next = timers.shift();
      if (!next) return waits;
      waits.push(next.ms);
      next.task();
    }
  };
  return { notifier, posts, settle };
}

const endpoint = 'http://function/';

describe('a finalized object', () => {
  it('is reported as a CloudEvent in binary mode, of its bucket only', async () => {
    const { notifier, posts, settle } = setUp([204]);
    notifier.register({ bucket: 'inbox', endpoint });
    notifier.finalized(object('shop/tägliche 100%.csv'));
    notifier.finalized(object('other.csv', 'models'));
    await settle();
    expect(posts).toHaveLength(1);
    expect(posts[0]?.headers).toEqual({
      'ce-id': expect.stringMatching(/^[\w-]{36}$/),
      'ce-specversion': '1.0',
      'ce-type': 'google.cloud.storage.object.v1.finalized',
      'ce-source': '//storage.googleapis.com/projects/_/buckets/inbox',
      'ce-subject': 'objects/shop/t%C3%A4gliche%20100%25.csv',
      'ce-bucket': 'inbox',
      'ce-time': '2026-11-21T12:00:00.000Z',
    });
    expect(posts[0]?.body).toMatchObject({
      kind: 'storage#object',
      bucket: 'inbox',
      name: 'shop/tägliche 100%.csv',
      generation: '7',
      size: '3',
      contentType: 'text/csv',
    });
  });

  it('is reported again until a 2xx, with growing waits and the same id', async () => {
    const { notifier, posts, settle } = setUp([500, new Error('refused'), 429, 302, 200]);
    notifier.register({ bucket: 'inbox', endpoint });
    notifier.finalized(object('x'));
    expect(await settle()).toEqual([100, 200, 300, 300]);
    expect(new Set(posts.map(({ headers }) => headers['ce-id'])).size).toBe(1);
    expect(notifier.list()).toMatchObject([{ pending: 0, delivered: 1, abandoned: 0 }]);
  });

  it('is given up after the last attempt, and the list says why', async () => {
    const { notifier, posts, settle } = setUp([503], { maxAttempts: 3 });
    notifier.register({ bucket: 'inbox', endpoint });
    notifier.finalized(object('x'));
    await settle();
    expect(posts).toHaveLength(3);
    expect(notifier.list()).toMatchObject([
      {
        pending: 0,
        delivered: 0,
        abandoned: 1,
        lastError: 'objects/x, attempt 3: the endpoint answered 503',
      },
    ]);
  });
});

describe('notifications', () => {
  it('are registered once, and end when removed', async () => {
    const { notifier, posts, settle } = setUp([500, 200]);
    const { id } = notifier.register({ bucket: 'inbox', endpoint });
    expect(notifier.register({ bucket: 'inbox', endpoint }).id).toBe(id);
    notifier.finalized(object('x'));
    await new Promise((resolve) => setImmediate(resolve));
    expect(notifier.remove(id)).toBe(true);
    expect(notifier.remove(id)).toBe(false);
    await settle();
    expect(posts).toHaveLength(1);
    expect(notifier.list()).toEqual([]);
  });
});
