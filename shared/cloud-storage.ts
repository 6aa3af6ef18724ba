import { Storage } from '@google-cloud/storage';
import { allowDownloadListeners } from './download-listeners.ts';

export interface CloudStorageOptions {
  /** Default: the project of the credentials. */
  readonly projectId?: string;
  /** `http://host:port` of an emulator; default `STORAGE_EMULATOR_HOST`, else Google's service. */
  readonly emulatorHost?: string | undefined;
}

/** A Cloud Storage client. */
export function openCloudStorage({ projectId, emulatorHost }: CloudStorageOptions = {}): Storage {
  allowDownloadListeners();
  return new Storage({
    ...(projectId ? { projectId } : {}),
    ...(emulatorHost ? { apiEndpoint: emulatorHost } : {}),
  });
}
