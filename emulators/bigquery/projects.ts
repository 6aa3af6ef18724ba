import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { BigQueryError } from './backend.ts';
import { quoted } from './fields.ts';

/** Databases of DuckDB's own. */
const RESERVED: readonly string[] = ['memory', 'system', 'temp'];

/** Projects as attached databases: files in a folder, or in memory where there is none. */
export interface Projects {
  /** Makes a project usable; one not seen before begins empty. @throws BigQueryError invalid for what is no project id */
  attach(project: string): Promise<void>;
  /** Writes down what is only in the log. */
  checkpoint(): Promise<void>;
  /** Removes all projects and their files. */
  removeAll(): Promise<void>;
}

export function makeProjects(connection: DuckDBConnection, dataDir: string | undefined): Projects {
  const attached = new Map<string, Promise<unknown>>();
  const fileOf = (project: string): string | undefined =>
    dataDir === undefined ? undefined : join(dataDir, `${project}.duckdb`);
  return {
    async attach(project) {
      if (!/^[a-z][\w-]*(?:[.:][\w-]+)*$/i.test(project) || RESERVED.includes(project)) {
        throw new BigQueryError(400, 'invalid', `Invalid project ID '${project}'.`);
      }
      const path = fileOf(project) ?? ':memory:';
      const attaching =
        attached.get(project) ??
        connection.run(`ATTACH '${path.replaceAll("'", "''")}' AS ${quoted(project)}`);
      attached.set(project, attaching);
      await attaching;
    },
    async checkpoint() {
      if (dataDir === undefined) return;
      for (const project of attached.keys()) await connection.run(`CHECKPOINT ${quoted(project)}`);
    },
    async removeAll() {
      for (const project of attached.keys()) {
        await connection.run(`DETACH ${quoted(project)}`);
        const file = fileOf(project);
        if (file !== undefined) for (const path of [file, `${file}.wal`]) rmSync(path, { force: true });
      }
      attached.clear();
    },
  };
}
