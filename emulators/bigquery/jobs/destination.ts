import { z } from 'zod';
import {
  type Backend,
  BigQueryError,
  type Metadata,
  type TableEntry,
  type TableField,
  type TableRef,
} from '../backend.ts';

/** A table as a job's configuration names it. */
export const TableReference = z.object({
  projectId: z.string().optional(),
  datasetId: z.string(),
  tableId: z.string(),
});

/** What becomes of a table that a job writes to. */
export const Dispositions = z.object({
  createDisposition: z.enum(['CREATE_IF_NEEDED', 'CREATE_NEVER']).default('CREATE_IF_NEEDED'),
  writeDisposition: z
    .enum(['WRITE_APPEND', 'WRITE_TRUNCATE', 'WRITE_TRUNCATE_DATA', 'WRITE_EMPTY'])
    .optional(),
});

export interface DestinationOptions {
  readonly createDisposition: string;
  readonly writeDisposition: string;
  /** Of the table, where it has to be made. */
  readonly fields: readonly TableField[];
  readonly metadata: Metadata;
}

/** @param project meant where the reference names none */
export function refOf(reference: z.infer<typeof TableReference>, project: string): TableRef {
  const { projectId, datasetId, tableId } = reference;
  return { project: projectId ?? project, dataset: datasetId, table: tableId.replace(/\$.*$/, '') };
}

/** The table, where it exists. */
export function existing(backend: Backend, ref: TableRef): TableEntry | undefined {
  return backend.tables(ref).find((entry) => entry.ref.table === ref.table);
}

/**
 * Makes the table that a job writes to, or finds it.
 * @returns whether it was made now
 * @throws BigQueryError where the dispositions do not allow it
 */
export async function prepareDestination(
  backend: Backend,
  ref: TableRef,
  { createDisposition, writeDisposition, fields, metadata }: DestinationOptions,
): Promise<boolean> {
  const name = `${ref.project}:${ref.dataset}.${ref.table}`;
  if (!existing(backend, ref)) {
    if (createDisposition === 'CREATE_NEVER')
      throw new BigQueryError(404, 'notFound', `Not found: Table ${name}`);
    await backend.createTable(ref, fields, metadata);
    return true;
  }
  if (writeDisposition === 'WRITE_EMPTY' && (await backend.rowCount(ref)) > 0) {
    throw new BigQueryError(409, 'duplicate', `Already Exists: Table ${name}`);
  }
  return false;
}
