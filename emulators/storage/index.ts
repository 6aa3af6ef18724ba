import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmulatorOptions, listen, type RunningEmulator } from '../emulator.ts';
import { makeFaults } from '../faults/faults.ts';
import { STATUS_CODES } from '../status-codes.ts';
import { makeStorageApp } from './app.ts';
import { makeDiskStore } from './disk-store.ts';
import { makeNotifier, type RetryPolicy, type StorageNotification } from './notifications.ts';
import { postJson } from './post-json.ts';
import { StorageError } from './storage-error.ts';
import { makeUploadSessions } from './upload-sessions.ts';

export type { StorageNotification } from './notifications.ts';

export interface StorageEmulatorOptions extends EmulatorOptions {
  /** Reports of finalized objects from the start; more at `POST /_emulator/notifications`. */
  readonly notifications?: readonly StorageNotification[];
  /** How reports are retried. */
  readonly retry?: Partial<RetryPolicy>;
}

const RETRY: RetryPolicy = {
  minBackoffMs: 250,
  maxBackoffMs: 10_000,
  maxAttempts: 50,
  timeoutMs: 600_000,
  concurrency: 8,
};

/** The JSON API's words for statuses; any other is backendError. */
const REASONS: Readonly<Record<string, string>> = {
  RESOURCE_EXHAUSTED: 'rateLimitExceeded',
  PERMISSION_DENIED: 'forbidden',
  NOT_FOUND: 'notFound',
  FAILED_PRECONDITION: 'conditionNotMet',
};

/**
 * Cloud Storage on this machine: the JSON API as @google-cloud/storage and `gcloud storage` use it, objects on disk,
 * finalized objects reported as CloudEvents. With `dataDir` objects outlive the process.
 */
export async function startStorageEmulator(options: StorageEmulatorOptions = {}): Promise<RunningEmulator> {
  const root = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'nextclick-storage-')));
  await mkdir(root, { recursive: true });
  let url = '';
  const timers = new Set<NodeJS.Timeout>();
  const notifier = makeNotifier({
    post: postJson,
    retry: { ...RETRY, ...options.retry },
    base: () => url,
    setTimer: (task, ms) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        task();
      }, ms);
      timers.add(timer);
    },
  });
  const store = await makeDiskStore({ root, clock: Date.now, onFinalized: notifier.finalized });
  const sessions = makeUploadSessions(store);
  const faults = makeFaults({
    toError: (status, message) =>
      new StorageError(STATUS_CODES[status].http, REASONS[status] ?? 'backendError', message),
  });
  const listening = await listen(makeStorageApp({ store, sessions, notifier, faults }), options);
  url = `http://${options.host ?? '127.0.0.1'}:${listening.port}`;
  for (const notification of options.notifications ?? []) notifier.register(notification);
  return {
    name: 'storage',
    url,
    env: { STORAGE_EMULATOR_HOST: url },
    close: async () => {
      notifier.close();
      for (const timer of timers) clearTimeout(timer);
      await listening.close();
      await sessions.clear();
      if (options.dataDir === undefined) await rm(root, { recursive: true, force: true });
    },
  };
}
