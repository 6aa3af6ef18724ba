import { randomUUID } from 'node:crypto';
import { type EmulatorOptions, listen, type RunningEmulator } from '../emulator.ts';
import { makeFcmApp } from './app.ts';
import { makeFaults } from './faults.ts';
import { makeInboxes } from './inboxes.ts';

/**
 * Firebase Cloud Messaging on this machine: takes messages as the HTTP v1 API does, and keeps them in an inbox per
 * device (`GET /inbox/:token`; a page at `/`). Inboxes are in memory, whatever `dataDir` says: a message lives briefly.
 */
export async function startFcmEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const app = makeFcmApp({ inboxes: makeInboxes(Date.now), faults: makeFaults(), nextId: randomUUID });
  const listening = await listen(app, options);
  const url = `http://${options.host ?? '127.0.0.1'}:${listening.port}`;
  return { name: 'fcm', url, env: { FCM_EMULATOR_HOST: url }, close: listening.close };
}
