import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChild } from '../emulators/processes/child.ts';
import { freePort, portAnswers } from '../emulators/processes/ports.ts';
import { FUNCTIONS, type FunctionSpec } from '../shared/pipeline.ts';

/**
 * Starts each bundle of `dist/` under functions-framework, as the platform does, and has it answer a request; exits
 * non-zero with the last words of one that does not.
 */

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FRAMEWORK = resolve(ROOT, 'node_modules/@google-cloud/functions-framework/build/src/main.js');

/** Enough of an environment to start; the hosts answer nothing, and nothing is asked of them. */
const ENVIRONMENT = {
  GOOGLE_CLOUD_PROJECT: 'demo-bundle',
  METADATA_SERVER_DETECTION: 'none',
  WRITE_KEYS: 'bundle-key',
  MODEL_IMAGE: 'local/nextclick-model',
  PSEUDONYM_KEY: '0123456789abcdef0123456789abcdef',
  PUBSUB_EMULATOR_HOST: '127.0.0.1:1',
  FIRESTORE_EMULATOR_HOST: '127.0.0.1:1',
  STORAGE_EMULATOR_HOST: 'http://127.0.0.1:1',
  BIGQUERY_EMULATOR_HOST: 'http://127.0.0.1:1/bigquery/v2',
  BIGQUERY_WRITE_EMULATOR_HOST: '127.0.0.1:1',
  VERTEX_EMULATOR_HOST: '127.0.0.1:1',
  FCM_EMULATOR_HOST: 'http://127.0.0.1:1',
};

/** A CloudEvent that no function is triggered by: a bundle that is whole answers 2xx to it and does nothing. */
const STRAY_EVENT = {
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-id': '1',
  'ce-type': 'google.cloud.pubsub.topic.v1.messagePublished',
  'ce-source': '//pubsub.googleapis.com/projects/demo-bundle/topics/none-of-ours',
};

async function start(spec: FunctionSpec): Promise<number> {
  const port = await freePort();
  const words: string[] = [];
  let dead = false;
  const began = performance.now();
  const child = startChild({
    name: spec.name,
    args: [
      FRAMEWORK,
      `--source=${resolve(ROOT, 'dist', spec.name)}`,
      `--target=${spec.name}`,
      `--port=${port}`,
    ],
    env: { ...ENVIRONMENT, K_SERVICE: spec.name, K_REVISION: 'bundle' },
    onLine: (line) => words.push(line),
    onDeath: () => {
      dead = true;
    },
  });
  try {
    await portAnswers(port, 30_000, () =>
      dead ? `it died at its start:\n${words.slice(-15).join('\n')}` : undefined,
    );
    const readyMs = performance.now() - began;
    const http = spec.triggers[0].kind === 'http';
    const answer = http
      ? await fetch(`http://127.0.0.1:${port}/health`)
      : await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', headers: STRAY_EVENT, body: '{}' });
    if (!answer.ok) {
      throw new Error(`it answered ${answer.status} ${await answer.text()}\n${words.slice(-15).join('\n')}`);
    }
    return readyMs;
  } finally {
    await child.stop();
  }
}

let broken = 0;
for (const spec of FUNCTIONS) {
  try {
    const ms = await start(spec);
    process.stdout.write(`${spec.name.padEnd(10)} answers, ready after ${Math.round(ms)} ms\n`);
  } catch (error) {
    broken += 1;
    process.stderr.write(`${spec.name}: ${error instanceof Error ? error.message : String(error)}\n`);
  }
}
process.exit(broken === 0 ? 0 : 1);
