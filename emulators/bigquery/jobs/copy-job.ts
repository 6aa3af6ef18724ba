import { z } from 'zod';
import { type Backend, BigQueryError, type TableRef } from '../backend.ts';
import { Dispositions, prepareDestination, refOf, TableReference } from './destination.ts';

/** https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationTableCopy */
export const CopyConfiguration = Dispositions.extend({
  sourceTable: TableReference.optional(),
  sourceTables: z.array(TableReference).optional(),
  destinationTable: TableReference,
});

export interface CopyOptions {
  readonly backend: Backend;
  readonly project: string;
  readonly configuration: z.infer<typeof CopyConfiguration>;
}

/**
 * Copies tables' rows into another, which is made like the first where it is not there.
 * @returns the job's `statistics.copy`
 * @throws BigQueryError
 */
export async function runCopy({ backend, project, configuration }: CopyOptions): Promise<object> {
  const { sourceTable, sourceTables, createDisposition, writeDisposition = 'WRITE_EMPTY' } = configuration;
  const sources = (sourceTables ?? (sourceTable ? [sourceTable] : [])).map((each) => refOf(each, project));
  const [first] = sources;
  if (!first) throw new BigQueryError(400, 'invalid', 'A copy job needs a source table.');
  const { fields, metadata } = backend.table(first);
  const ref = refOf(configuration.destinationTable, project);
  await prepareDestination(backend, ref, { createDisposition, writeDisposition, fields, metadata });
  if (writeDisposition.startsWith('WRITE_TRUNCATE')) {
    await backend.query({ project, sql: `TRUNCATE TABLE ${nameOf(ref)}` });
  }
  let copied = 0;
  for (const source of sources) {
    const sql = `INSERT INTO ${nameOf(ref)} SELECT * FROM ${nameOf(source)}`;
    copied += (await backend.query({ project, sql })).changed ?? 0;
  }
  return { copiedRows: String(copied) };
}

function nameOf({ project, dataset, table }: TableRef): string {
  return `\`${project}.${dataset}.${table}\``;
}
