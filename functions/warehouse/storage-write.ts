import { BigQueryWriteClient } from '@google-cloud/bigquery-storage/build/src/v1/big_query_write_client.js';
import { credentials } from '@grpc/grpc-js';
import type { AppendStream } from './append-connection.ts';

/**
 * Opens AppendRows streams of the Storage Write API, over one channel.
 * @param emulatorHost `host:port` of an emulator, without TLS; undefined for the real service.
 */
export function makeStreamOpener(
  projectId: string,
  emulatorHost: string | undefined,
): (writeStream: string) => AppendStream {
  const client = new BigQueryWriteClient({ projectId, ...emulatorOptions(emulatorHost) });
  return (writeStream) =>
    client.appendRows({
      otherArgs: { headers: { 'x-goog-request-params': `write_stream=${encodeURIComponent(writeStream)}` } },
    });
}

function emulatorOptions(host: string | undefined): object {
  if (host === undefined) return {};
  const { hostname, port } = new URL(`http://${host}`);
  return { apiEndpoint: hostname, port: Number(port), sslCreds: credentials.createInsecure() };
}
