import { type EmulatorOptions, listen, type RunningEmulator } from '../emulator.ts';
import { makeDuckDbBackend } from './duckdb-backend.ts';
import { startWriteApi } from './grpc/index.ts';
import { makeRestApp } from './rest/app.ts';

export interface BigQueryEmulatorOptions extends EmulatorOptions {
  /** Port of the Storage Write API; default any free one. */
  readonly writePort?: number;
}

/**
 * BigQuery on this machine: REST v2 and the Storage Write API over DuckDB. With `dataDir`, datasets outlive the process.
 */
export async function startBigQueryEmulator(options: BigQueryEmulatorOptions = {}): Promise<RunningEmulator> {
  const { host = '127.0.0.1' } = options;
  const backend = await makeDuckDbBackend(options.dataDir);
  const write = await startWriteApi(backend, { host, port: options.writePort ?? 0 });
  const rest = await listen(makeRestApp(backend), options);
  const url = `http://${host}:${rest.port}`;
  return {
    name: 'bigquery',
    url,
    env: {
      BIGQUERY_EMULATOR_HOST: `${url}/bigquery/v2`,
      BIGQUERY_WRITE_EMULATOR_HOST: `${host}:${write.port}`,
    },
    close: async () => {
      await Promise.all([write.close(), rest.close()]);
      await backend.close();
    },
  };
}
