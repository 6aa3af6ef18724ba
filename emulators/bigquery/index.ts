import { type EmulatorOptions, listen, type RunningEmulator } from '../emulator.ts';
import { makeFaults } from '../faults/faults.ts';
import { makeDuckDbBackend } from './duckdb-backend.ts';
import { withExports } from './export/with-exports.ts';
import { makeObjects } from './gcs.ts';
import { startWriteApi } from './grpc/index.ts';
import { InjectedFault } from './injected-fault.ts';
import { makeRestApp } from './rest/app.ts';

export interface BigQueryEmulatorOptions extends EmulatorOptions {
  /** Port of the Storage Write API; default any free one. */
  readonly writePort?: number;
  /** Of the Cloud Storage emulator that EXPORT DATA writes to; default STORAGE_EMULATOR_HOST. */
  readonly storageUrl?: string | undefined;
}

/**
 * BigQuery on this machine: REST v2 and the Storage Write API over DuckDB. With `dataDir`, datasets outlive the process.
 */
export async function startBigQueryEmulator(options: BigQueryEmulatorOptions = {}): Promise<RunningEmulator> {
  const { host = '127.0.0.1' } = options;
  const { storageUrl = process.env.STORAGE_EMULATOR_HOST } = options;
  const objects = makeObjects(storageUrl);
  const backend = withExports(await makeDuckDbBackend(options.dataDir), objects);
  const faults = makeFaults({ toError: (status, message) => new InjectedFault(status, message) });
  const write = await startWriteApi(backend, faults, { host, port: options.writePort ?? 0 });
  const rest = await listen(makeRestApp(backend, objects, faults), options);
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
