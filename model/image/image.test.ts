import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../emulators/processes/ports.ts';
import { aisleSessions } from '../../test/model/sessions.ts';
import { writeArtifact } from '../artifact.ts';
import { buildModel } from '../build.ts';
import { directoryArtifact } from '../directory-artifacts.ts';
import { buildImageFolder } from './build-image.ts';

let folder: string;
let server: ChildProcess | undefined;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nextclick-image-'));
  await buildImageFolder(join(folder, 'context'));
});
afterAll(async () => {
  server?.kill('SIGKILL');
  await rm(folder, { recursive: true });
});

/** The instructions of a Dockerfile that uses one line for each. */
async function instructions(): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(join(folder, 'context', 'Dockerfile'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1)]));
}

test('what the Dockerfile copies is there, and is all that its command needs', async () => {
  const steps = await instructions();
  expect([...steps.keys()]).toEqual(['FROM', 'ENV', 'WORKDIR', 'COPY', 'USER', 'EXPOSE', 'CMD']);
  expect(steps.get('FROM')).toMatch(/^node:24/);
  const app = join(folder, 'app');
  await mkdir(app);
  for (const name of (steps.get('COPY') ?? '').split(' ').slice(0, -1))
    await copyFile(join(folder, 'context', name), join(app, name));

  const artifact = join(folder, 'artifact');
  await writeArtifact(await buildModel(aisleSessions(100), { version: 'v3' }), directoryArtifact(artifact));
  const port = await freePort();
  const [, ...command] = JSON.parse(steps.get('CMD') ?? '[]') as readonly string[];
  server = spawn(process.execPath, command, {
    cwd: app,
    env: {
      AIP_HTTP_HOST: '127.0.0.1',
      AIP_HTTP_PORT: String(port),
      AIP_STORAGE_URI: artifact,
      MODEL_THREADS: '2',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  await new Promise<void>((resolve) => {
    server?.stdout?.on('data', (chunk) => {
      output += String(chunk);
      if (output.includes('the model is loaded')) resolve();
    });
    server?.once('exit', () => resolve());
  });
  expect(output).toContain('the model is loaded');
  const answer = await fetch(`http://127.0.0.1:${port}/predict`, {
    method: 'POST',
    body: JSON.stringify({ instances: [{ items: [], limit: 3 }] }),
  });
  expect(await answer.json()).toMatchObject({ predictions: [{ model_version: 'v3' }] });
  server.kill('SIGTERM');
  expect(await once(server, 'exit')).toEqual([0, null]);
});
