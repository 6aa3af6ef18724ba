import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type EmulatorOptions, listen, type RunningEmulator } from '../emulator.ts';
import { makeFaults } from '../faults/faults.ts';
import { STATUS_CODES } from '../status-codes.ts';
import { makeAccounts } from './accounts.ts';
import { makeAuthApp } from './app.ts';
import { AuthError } from './auth-error.ts';
import { noJournal, openJournal } from './journal-file.ts';

export interface AuthEmulatorOptions extends EmulatorOptions {
  /** The project that clients with an API key belong to; default GOOGLE_CLOUD_PROJECT. */
  readonly project?: string;
}

/**
 * Firebase Authentication on this machine: anonymous and custom-token users, with unsigned tokens that Google's Firestore
 * emulator and an Admin SDK under FIREBASE_AUTH_EMULATOR_HOST accept. With `dataDir` accounts outlive the process.
 */
export async function startAuthEmulator(options: AuthEmulatorOptions = {}): Promise<RunningEmulator> {
  const project = options.project ?? process.env.GOOGLE_CLOUD_PROJECT ?? 'demo-nextclick';
  const journal =
    options.dataDir === undefined ? noJournal : await openJournal(join(options.dataDir, 'accounts.jsonl'));
  const app = makeAuthApp({
    project,
    accounts: makeAccounts(journal),
    faults: makeFaults({
      toError: (status, message) => new AuthError(`${status} : ${message}`, STATUS_CODES[status].http),
    }),
    clock: Date.now,
    nextId: newUserId,
  });
  const listening = await listen(app, options);
  const host = `${options.host ?? '127.0.0.1'}:${listening.port}`;
  return {
    name: 'auth',
    url: `http://${host}`,
    env: { FIREBASE_AUTH_EMULATOR_HOST: host },
    close: listening.close,
  };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** 28 letters and digits; the first 248 byte values fall evenly on the 62. */
function newUserId(): string {
  let id = '';
  while (id.length < 28) {
    for (const byte of randomBytes(40)) if (byte < 248 && id.length < 28) id += LETTERS[byte % 62];
  }
  return id;
}
