import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeArtifact } from '../../model/artifact.ts';
import { buildModel } from '../../model/build.ts';
import { directoryArtifact } from '../../model/directory-artifacts.ts';
import { Prediction } from '../../model/protocol.ts';
import { aisleSessions } from './sessions.ts';

const SERVER = fileURLToPath(new URL('../../model/server.ts', import.meta.url));
const CLI = fileURLToPath(new URL('../../model/cli.ts', import.meta.url));

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'nextclick-server-'));
  await writeArtifact(await buildModel(aisleSessions(300), { version: 'v7' }), directoryArtifact(directory));
});
afterAll(() => rm(directory, { recursive: true }));

/** Starts the container's program; resolves with its first message of a type. */
async function start(env: Record<string, string>): Promise<{ child: ChildProcess; url: string }> {
  const child = fork(SERVER, {
    env: { ...process.env, AIP_HTTP_PORT: '0', AIP_HTTP_HOST: '127.0.0.1', ...env },
    silent: true,
  });
  for await (const [message] of on(child)) {
    const { type, port } = message as { type: string; port: number };
    if (type === 'ready') return { child, url: `http://127.0.0.1:${port}` };
  }
  throw new Error('the server ended before it was ready');
}

async function* on(child: ChildProcess): AsyncGenerator<unknown[]> {
  while (child.connected)
    yield await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [{}])]);
}

describe('model/server.ts', () => {
  it('is healthy, predicts by the routes it was given, and ends on SIGTERM', async () => {
    const { child, url } = await start({
      AIP_STORAGE_URI: directory,
      AIP_HEALTH_ROUTE: '/alive',
      AIP_PREDICT_ROUTE: '/v1/answer',
    });
    expect((await fetch(`${url}/alive`)).status).toBe(200);
    const items = [{ item_id: 'a1-1', event_name: 'view_item', event_time: '2026-11-21T09:30:00Z' }];
    const answer = await fetch(`${url}/v1/answer`, {
      method: 'POST',
      body: JSON.stringify({ instances: [{ items, limit: 5 }, { items: [] }] }),
    });
    expect(answer.status).toBe(200);
    const { predictions } = (await answer.json()) as { predictions: unknown[] };
    expect(predictions.map((each) => Prediction.parse(each).model_version)).toEqual(['v7', 'v7']);
    expect((await fetch(`${url}/predict`)).status).toBe(404);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  it('answers the same by threads as by one, each asked what it was asked', async () => {
    const one = await start({ AIP_STORAGE_URI: directory });
    const two = await start({ AIP_STORAGE_URI: directory, MODEL_THREADS: '2' });
    const ask = async (url: string, item_id: string): Promise<unknown> => {
      const items = [{ item_id, event_name: 'view_item', event_time: '2026-11-21T09:30:00Z' }];
      const body = JSON.stringify({ instances: [{ items }] });
      return (await fetch(`${url}/predict`, { method: 'POST', body })).json();
    };
    const items = Array.from({ length: 20 }, (_, at) => `a${at % 4}-${at}`);
    const expected = await Promise.all(items.map((item) => ask(one.url, item)));
    expect(new Set(expected.map((each) => JSON.stringify(each))).size).toBeGreaterThan(10);
    expect(await Promise.all(items.map((item) => ask(two.url, item)))).toEqual(expected);
    for (const { child } of [one, two]) {
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
  });

  it('says which model it could not load, and fails', async () => {
    const child = fork(SERVER, {
      env: {
        ...process.env,
        AIP_HTTP_PORT: '0',
        AIP_HTTP_HOST: '127.0.0.1',
        AIP_STORAGE_URI: '/no/such/model',
      },
      silent: true,
    });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    const [code] = await once(child, 'close');
    expect(code).toBe(1);
    expect(output).toContain('the model at /no/such/model cannot be loaded');
  });
});

describe('npm run model', () => {
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, [CLI, ...args], { encoding: 'utf8' });

  it.each([
    [['--help'], 0, /evaluate --train FILE/, /^$/],
    [[], 2, /^$/, /is no command/],
    [['evaluate'], 2, /^$/, /--train is required/],
    [['evaluate', '--wrong'], 2, /^$/, /--wrong.*See --help/s],
    [['evaluate', '--train', 'x', '--test', 'y', '--format', 'z'], 2, /^$/, /--format z is unknown/],
    [['evaluate', '--train', '/no/file', '--test', '/no/file'], 1, /^$/, /\/no\/file/],
    [['plot', '--from', CLI, '--out', '/no/dir'], 2, /^$/, /cli\.ts holds no figures/],
  ])('%j answers with status %i', (args, status, stdout, stderr) => {
    const result = run(...args);
    expect(result.status).toBe(status);
    expect(result.stdout).toMatch(stdout);
    expect(result.stderr).toMatch(stderr);
  });
});
