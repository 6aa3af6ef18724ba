import { z } from 'zod';
import { BigQueryError } from '../backend.ts';
import type { Body } from './route.ts';

/** https://cloud.google.com/bigquery/docs/datasets#dataset-naming */
const datasetId = z.string().regex(/^\w{1,1024}$/, 'must be letters, digits and underscores');
/** https://cloud.google.com/bigquery/docs/tables#table_naming */
const tableId = z
  .string()
  .max(1024)
  .regex(/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]+$/u, 'must be letters, digits, connectors, dashes and spaces');

const Field = z.looseObject({
  name: z.string(),
  type: z.string(),
  mode: z.string().nullish(),
  get fields() {
    return z.array(Field).nullish();
  },
});

/** What is read of a dataset's or a table's body; the rest is kept as it is. */
const Resource = z.looseObject({
  datasetReference: z.looseObject({ datasetId }).optional(),
  tableReference: z.looseObject({ tableId }).optional(),
  schema: z.looseObject({ fields: z.array(Field).nullish() }).nullish(),
  view: z.looseObject({ query: z.string() }).nullish(),
});

/**
 * Looks whether a body fits a dataset or a table.
 * @param required the reference that a new one has to have
 * @throws BigQueryError 400 that says which field does not
 */
export function checkResource(body: Body, required?: 'datasetReference' | 'tableReference'): void {
  const parsed = Resource.safeParse(body);
  const issue = parsed.error?.issues[0];
  if (issue) throw new BigQueryError(400, 'invalid', `${issue.path.join('.')}: ${issue.message}`);
  if (required && body[required] === undefined)
    throw new BigQueryError(400, 'required', `Required parameter is missing: ${required}`);
}
