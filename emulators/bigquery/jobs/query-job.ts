import { z } from 'zod';
import { type Backend, BigQueryError, type QueryRequest, type QueryResult } from '../backend.ts';
import { QueryParameter } from '../sql/parameters.ts';
import { statementKind } from '../sql/statements.ts';
import { Dispositions, existing, prepareDestination, refOf, TableReference } from './destination.ts';

/** What jobs.query and a query job's configuration have in common. */
export const QueryConfiguration = Dispositions.extend({
  query: z.string(),
  defaultDataset: z.object({ datasetId: z.string() }).partial().optional(),
  queryParameters: z.array(QueryParameter).optional(),
  destinationTable: TableReference.optional(),
  useLegacySql: z.boolean().optional(),
});

export interface QueryOptions {
  readonly backend: Backend;
  readonly project: string;
  readonly configuration: z.infer<typeof QueryConfiguration>;
  readonly dryRun: boolean;
  /** Of the job: `jobTimeoutMs`. */
  readonly timeoutMs?: number | undefined;
}

/** Runs a query; its rows go to the destination table too, where one is named. @throws BigQueryError */
export async function runQuery({
  backend,
  project,
  configuration,
  dryRun,
  timeoutMs,
}: QueryOptions): Promise<QueryResult> {
  const { query, defaultDataset, queryParameters, destinationTable, createDisposition } = configuration;
  if (/^\s*#legacySQL/i.test(query)) {
    throw new BigQueryError(400, 'invalid', 'This emulator runs GoogleSQL; legacy SQL is not served.');
  }
  const request: QueryRequest = {
    project,
    sql: query,
    dataset: defaultDataset?.datasetId,
    parameters: queryParameters,
    dryRun,
    timeoutMs,
  };
  const result = await backend.query(request);
  if (!destinationTable || dryRun || statementKind(query) !== 'SELECT') return result;
  const ref = refOf(destinationTable, project);
  const { writeDisposition = 'WRITE_EMPTY' } = configuration;
  const { fields } = result;
  if (writeDisposition === 'WRITE_TRUNCATE' && existing(backend, ref)) await backend.deleteTable(ref);
  await prepareDestination(backend, ref, { createDisposition, writeDisposition, fields, metadata: {} });
  const name = `\`${ref.project}.${ref.dataset}.${ref.table}\``;
  await backend.query({ ...request, sql: `INSERT INTO ${name} ${query.replace(/;\s*$/, '')}` });
  return result;
}
