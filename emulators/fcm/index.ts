import { randomUUID } from 'node:crypto';
import { type EmulatorOptions, listen, type RunningEmulator } from '../emulator.ts';
import { makeFaults } from '../faults/faults.ts';
import { makeFcmApp } from './app.ts';
import { FcmError, type FcmErrorCode } from './fcm-error.ts';
import { makeInboxes } from './inboxes.ts';
import { makeTokenErrors } from './token-errors.ts';

/** FCM's words for statuses; any other is INTERNAL. */
const ERRORS: Readonly<Record<string, FcmErrorCode>> = {
  RESOURCE_EXHAUSTED: 'QUOTA_EXCEEDED',
  UNAVAILABLE: 'UNAVAILABLE',
  NOT_FOUND: 'UNREGISTERED',
  PERMISSION_DENIED: 'SENDER_ID_MISMATCH',
  INVALID_ARGUMENT: 'INVALID_ARGUMENT',
};

/**
 * Firebase Cloud Messaging on this machine: takes messages as the HTTP v1 API does, and keeps them in an inbox per
 * device (`GET /inbox/:token`; pages at `/` and `/device/:token`). Inboxes are in memory, whatever `dataDir` says: a message lives briefly.
 */
export async function startFcmEmulator(options: EmulatorOptions = {}): Promise<RunningEmulator> {
  const app = makeFcmApp({
    inboxes: makeInboxes(Date.now),
    faults: makeFaults({ toError: (status) => new FcmError(ERRORS[status] ?? 'INTERNAL') }),
    tokenErrors: makeTokenErrors(),
    nextId: randomUUID,
  });
  const listening = await listen(app, options);
  const url = `http://${options.host ?? '127.0.0.1'}:${listening.port}`;
  return { name: 'fcm', url, env: { FCM_EMULATOR_HOST: url }, close: listening.close };
}
