import { existsSync, globSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RunningEmulator } from '../emulator.ts';
import { freePort } from '../processes/ports.ts';
import { startJavaEmulator } from './java-emulator.ts';
import { obtainJar } from './locate.ts';
import type { GoogleEmulatorOptions } from './pubsub.ts';

const RULES = fileURLToPath(new URL('../../infra/firestore.rules', import.meta.url));

export interface FirestoreEmulatorOptions extends GoogleEmulatorOptions {
  readonly project: string;
}

/**
 * Google's Firestore emulator under this project's rules: the one `FIRESTORE_EMULATOR_HOST` names, else one started
 * here. With `dataDir`, `close` exports the documents there, and the next start takes them up.
 */
export async function startFirestoreEmulator(options: FirestoreEmulatorOptions): Promise<RunningEmulator> {
  const given = process.env.FIRESTORE_EMULATOR_HOST;
  if (given) return { name: 'firestore', url: `http://${given}`, env: {}, close: async () => undefined };
  const jar = await obtainJar('firestore', options.say ?? (() => undefined));
  const port = options.port || (await freePort());
  const host = `127.0.0.1:${port}`;
  const exported = options.dataDir === undefined ? undefined : resolve(options.dataDir, 'firestore-google');
  const seed = exported && globSync(join(exported, '**', '*.overall_export_metadata'))[0];
  const child = await startJavaEmulator({
    name: 'firestore',
    port,
    args: [
      '-cp',
      jar,
      'com.google.cloud.datastore.emulator.firestore.CloudFirestore',
      '--host=127.0.0.1',
      `--port=${port}`,
      ...(existsSync(RULES) ? [`--rules=${RULES}`] : []),
      `--project_id=${options.project}`,
      ...(seed ? [`--seed_from_export=${seed}`] : []),
    ],
  });
  return {
    name: 'firestore',
    url: `http://${host}`,
    env: { FIRESTORE_EMULATOR_HOST: host },
    close: async () => {
      if (exported) await exportDocuments(host, options.project, exported);
      await child.stop();
    },
  };
}

async function exportDocuments(host: string, project: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const response = await fetch(`http://${host}/emulator/v1/projects/${project}:export`, {
    method: 'POST',
    headers: { authorization: 'Bearer owner', 'content-type': 'application/json' },
    body: JSON.stringify({
      database: `projects/${project}/databases/(default)`,
      export_directory: folder,
      export_name: 'documents',
    }),
  });
  if (!response.ok)
    throw new Error(`the Firestore emulator did not export to ${folder}: ${await response.text()}`);
}
