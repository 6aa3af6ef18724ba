import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Firestore } from '@google-cloud/firestore';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ownerClient } from '../../emulators/owner-client.ts';

const SERVE = fileURLToPath(new URL('../../emulators/serve.ts', import.meta.url));

let folder: string;
let running: ChildProcess | undefined;
const clients: Firestore[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'firestore-restart-'));
});
afterEach(async () => {
  await Promise.allSettled(clients.splice(0).map((client) => client.terminate()));
  await end('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

/** The emulator in a process of its own, over the same folder each time, on the port that it had. */
async function start(port = '0'): Promise<string> {
  const child = spawn(process.execPath, [SERVE, 'firestore', '--data', folder, '--port', port], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  running = child;
  const [message] = (await once(child, 'message')) as [{ readonly ready: { readonly url: string } }];
  return new URL(message.ready.url).host;
}

function connect(host: string): Firestore {
  const client = ownerClient(host, 'demo-x');
  clients.push(client);
  return client;
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const child = running;
  running = undefined;
  if (!child || child.exitCode !== null) return;
  child.kill(signal);
  await once(child, 'exit');
}

it('keeps every write that was answered when it is killed amid writes, and counts on from them', async () => {
  const host = await start();
  const db = connect(host);
  const answered: string[] = [];
  const writing = Array.from({ length: 200 }, async (_, index) => {
    const document = db.doc(`things/${index}`);
    await document.set({ index, times: 1 });
    answered.push(document.path);
  });
  await vi.waitUntil(() => answered.length >= 50, 20_000);
  await end('SIGKILL');
  const atDeath = [...answered];
  // What the client still tries, it tries on the next.
  await start(host.split(':')[1]);
  await Promise.all(writing);

  const after = connect(host);
  const kept = await after.getAll(...atDeath.map((path) => after.doc(path)));
  expect(kept.filter(({ exists }) => !exists)).toEqual([]);
  expect((await after.collection('things').count().get()).data().count).toBe(200);
  const first = kept[0]?.createTime?.valueOf() ?? '';
  const { writeTime } = await after.doc('things/later').set({});
  expect(writeTime.valueOf() > first).toBe(true);
});

it('goes on telling a listener what happens once it is back', async () => {
  const host = await start();
  const db = connect(host);
  await db.doc('things/a').set({ n: 1 });
  const heard: unknown[] = [];
  const stop = db
    .collection('things')
    .onSnapshot((snapshot) => heard.push(snapshot.docs.map((each) => each.get('n'))));
  await vi.waitUntil(() => heard.length === 1, 20_000);

  await end('SIGKILL');
  await start(host.split(':')[1]);
  await connect(host).doc('things/b').set({ n: 2 });
  await vi.waitUntil(() => (heard.at(-1) as unknown[]).length === 2, 30_000);

  expect(heard).toEqual([[1], [1, 2]]);
  stop();
});
