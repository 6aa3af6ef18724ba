import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Backend, Subscription } from '../backend.ts';
import { subscriptionOf } from '../handlers/subscriptions.ts';
import { makeMemoryBackend } from '../memory/memory-backend.ts';
import { systemScheduler } from '../scheduler.ts';
import { openFileJournal } from './file-journal.ts';

const TOPIC = 'projects/p/topics/clicks';
const SUB = 'projects/p/subscriptions/all';
const FILTERED = 'projects/p/subscriptions/some';
const appetite = { messages: 10, bytes: 10_000, perKey: 10, deadlineMs: undefined };

let folder: string;
let file: string;
const closers: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nextclick-journal-'));
  file = join(folder, 'pubsub.jsonl');
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  rmSync(folder, { recursive: true, force: true });
});

/** What a process finds that begins with the file. */
async function begin(): Promise<Backend & { end(): Promise<void> }> {
  const { journal, restored, close } = await openFileJournal(file);
  const backend = makeMemoryBackend({ scheduler: systemScheduler, maxBytes: 1_000_000, journal, restored });
  let open = true;
  const end = async (): Promise<void> => {
    if (!open) return;
    open = false;
    backend.close();
    await close();
  };
  closers.push(end);
  return { ...backend, end };
}

const subscription = (name: string, fields: object = {}): Subscription =>
  subscriptionOf({ name, topic: TOPIC, ...fields }, false);
const message = (text: string, attributes: Readonly<Record<string, string>> = {}) => ({
  data: Buffer.from(text),
  attributes,
  orderingKey: '',
});
const textsOf = (backend: Backend, name: string): string[] =>
  backend
    .source(name)
    .take(appetite)
    .map((each) => each.message.data.toString());

async function fill(backend: Backend): Promise<void> {
  backend.createTopic({ name: TOPIC, resource: { name: TOPIC, labels: { team: 'web' } }, retentionMs: 0 });
  backend.createSubscription(subscription(SUB));
  backend.createSubscription(subscription(FILTERED, { filter: 'attributes:kind' }));
  backend.publish(TOPIC, [message('one'), message('two', { kind: 'click' }), message('three')]);
  const [first] = backend.source(SUB).take({ ...appetite, messages: 1 });
  backend.source(SUB).ack([first?.ackId ?? '']);
  await backend.durable();
}

test('topics, subscriptions and what is not acknowledged are there again, after an orderly end', async () => {
  const before = await begin();
  await fill(before);
  await before.end();
  const after = await begin();
  expect(after.topic(TOPIC)).toEqual(before.topic(TOPIC));
  expect(after.subscription(FILTERED).resource).toEqual(
    subscription(FILTERED, { filter: 'attributes:kind' }).resource,
  );
  expect(textsOf(after, SUB)).toEqual(['two', 'three']);
  expect(textsOf(after, FILTERED)).toEqual(['two']);
  after.publish(TOPIC, [message('four', { kind: 'x' })]);
  expect(textsOf(after, FILTERED)).toEqual(['four']);
});

test('after a kill in the middle of a line, all that was durable is there', async () => {
  const before = await begin();
  await fill(before);
  const killed = readFileSync(file, 'utf8');
  await before.end();
  writeFileSync(file, killed);
  appendFileSync(file, '{"op":"publish","topic":"projects/p/top');
  const after = await begin();
  expect(textsOf(after, SUB)).toEqual(['two', 'three']);
});

test('a line in the middle that cannot be read is said, and nothing is overwritten', async () => {
  const before = await begin();
  await fill(before);
  await before.end();
  const [first, ...rest] = readFileSync(file, 'utf8').split('\n');
  const broken = [first, 'not a record', ...rest].join('\n');
  writeFileSync(file, broken);
  await expect(openFileJournal(file)).rejects.toThrow(/Line 2 of .*pubsub\.jsonl cannot be read/);
  expect(readFileSync(file, 'utf8')).toBe(broken);
});

test('what was sought, deleted and reset stays so', async () => {
  const before = await begin();
  await fill(before);
  before.seekToTime(SUB, Date.now() + 60_000);
  before.publish(TOPIC, [message('new')]);
  before.deleteSubscription(FILTERED);
  await before.end();
  const after = await begin();
  expect(after.subscriptionsOf(TOPIC)).toEqual([SUB]);
  expect(textsOf(after, SUB)).toEqual(['new']);
  after.deleteTopic(TOPIC);
  await after.end();
  const third = await begin();
  expect(third.subscription(SUB).topic).toBe('_deleted-topic_');
  third.reset();
  await third.end();
  expect((await begin()).allSubscriptions()).toEqual([]);
});

test('a checkpoint leaves what there is, and what comes after it, in a smaller file', async () => {
  const { journal, restored, close } = await openFileJournal(file);
  expect(restored.topics).toEqual([]);
  const backend = makeMemoryBackend({ scheduler: systemScheduler, maxBytes: 1_000_000, journal, restored });
  await fill(backend);
  for (let round = 0; round < 50; round += 1) {
    backend.publish(TOPIC, [message('x'.repeat(100))]);
    const taken = backend.source(SUB).take(appetite);
    backend.source(SUB).ack(taken.map(({ ackId }) => ackId));
  }
  await backend.durable();
  const grown = journal.size;
  expect(readFileSync(file).length).toBe(grown);
  journal.checkpoint({
    topics: [backend.topic(TOPIC)],
    subscriptions: backend.allSubscriptions(),
    backlogs: new Map(),
  });
  backend.publish(TOPIC, [message('last', { kind: 'x' })]);
  await backend.durable();
  expect(journal.size).toBeLessThan(grown / 4);
  expect(readFileSync(file).length).toBe(journal.size);
  backend.close();
  await close();
  const after = await begin();
  expect(textsOf(after, SUB)).toEqual(['last']);
  expect(textsOf(after, FILTERED)).toEqual(['last']);
});
