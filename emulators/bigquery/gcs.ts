import { BigQueryError } from './backend.ts';

/** Objects of Cloud Storage, as load, extract and export need them. */
export interface Objects {
  /** Names that begin with the prefix. */
  list(bucket: string, prefix: string): Promise<readonly string[]>;
  /** @throws BigQueryError notFound */
  download(bucket: string, name: string): Promise<ReadableStream<Uint8Array>>;
  upload(bucket: string, name: string, content: Uint8Array): Promise<void>;
}

/**
 * Objects of the Cloud Storage emulator.
 * @param url of the emulator; without one, every call is refused with what to set.
 */
export function makeObjects(url: string | undefined): Objects {
  const call = async (path: string, init: RequestInit = {}): Promise<Response> => {
    if (url === undefined) {
      throw new BigQueryError(
        400,
        'invalid',
        'Set STORAGE_EMULATOR_HOST for the BigQuery emulator, which reads and writes gs:// there, and start it again.',
      );
    }
    const response = await fetch(`${url}${path}`, init);
    if (response.ok) return response;
    const [status, reason] = response.status === 404 ? [404, 'notFound'] : [400, 'invalid'];
    throw new BigQueryError(
      Number(status),
      String(reason),
      `Cloud Storage answered ${response.status} to ${path}: ${await response.text()}`,
    );
  };
  return {
    async list(bucket, prefix) {
      const names: string[] = [];
      for (let pageToken = ''; ; ) {
        const query = new URLSearchParams({ prefix, ...(pageToken === '' ? {} : { pageToken }) });
        const page = await (await call(`/storage/v1/b/${bucket}/o?${query}`)).json();
        const { items = [], nextPageToken } = page as {
          readonly items?: readonly { readonly name: string }[];
          readonly nextPageToken?: string;
        };
        names.push(...items.map(({ name }) => name));
        if (nextPageToken === undefined) return names;
        pageToken = nextPageToken;
      }
    },
    async download(bucket, name) {
      const { body } = await call(`/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?alt=media`, {
        headers: { 'accept-encoding': 'gzip' },
      });
      return body ?? new ReadableStream({ start: (controller) => controller.close() });
    },
    async upload(bucket, name, content) {
      await call(`/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: new Uint8Array(content),
      });
    },
  };
}

/** `gs://bucket/name`, where the name may hold one `*`. @throws BigQueryError invalid */
export function parseGsUri(uri: string): {
  readonly bucket: string;
  readonly prefix: string;
  readonly suffix?: string;
} {
  const [, bucket, prefix = '', suffix] = /^gs:\/\/([^/*]+)\/([^*]+|(?=\*))(?:\*([^*]*))?$/.exec(uri) ?? [];
  if (bucket === undefined) {
    throw new BigQueryError(400, 'invalid', `"${uri}" is no gs://bucket/name, with one * at most`);
  }
  return { bucket, prefix, ...(suffix === undefined ? {} : { suffix }) };
}
