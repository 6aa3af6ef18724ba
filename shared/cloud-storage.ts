import { EventEmitter } from 'node:events';
import { Storage } from '@google-cloud/storage';

export interface CloudStorageOptions {
  /** Default: the project of the credentials. */
  readonly projectId?: string;
  /** `http://host:port` of an emulator; default `STORAGE_EMULATOR_HOST`, else Google's service. */
  readonly emulatorHost?: string | undefined;
}

/**
 * Since version 8.0.1 of Cloud Storage's client each streamed download puts 11 or 12 listeners on one stream, all of them
 * let go at its end; Node.js takes more than 10 for a leak and says so in every log (googleapis/google-cloud-node#9185).
 */
export function allowDownloadListeners(): void {
  EventEmitter.defaultMaxListeners = Math.max(EventEmitter.defaultMaxListeners, 16);
}

/** A Cloud Storage client. */
export function openCloudStorage({ projectId, emulatorHost }: CloudStorageOptions = {}): Storage {
  allowDownloadListeners();
  return new Storage({
    ...(projectId ? { projectId } : {}),
    ...(emulatorHost ? { apiEndpoint: emulatorHost } : {}),
  });
}
