import { join } from 'node:path';
import { z } from 'zod';
import {
  type Backend,
  BigQueryError,
  type Fault,
  type TableField,
  type TableRef,
  type WriteRow,
} from '../backend.ts';
import { type Objects, parseGsUri } from '../gcs.ts';
import { Dispositions, existing, prepareDestination, refOf, TableReference } from './destination.ts';
import { csvRecords, jsonRecords, type Record } from './records.ts';
import { spool, withFolder } from './spool.ts';

const Count = z.union([z.number(), z.string().regex(/^\d+$/)]).transform(Number);
const Field: z.ZodType<TableField> = z.lazy(() =>
  z.looseObject({
    name: z.string(),
    type: z.string(),
    mode: z.string().optional(),
    fields: z.array(Field).optional(),
  }),
) as z.ZodType<TableField>;

/** https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#JobConfigurationLoad, as far as it is known here. */
export const LoadConfiguration = Dispositions.extend({
  destinationTable: TableReference,
  sourceUris: z.array(z.string()).optional(),
  sourceFormat: z.enum(['CSV', 'NEWLINE_DELIMITED_JSON', 'PARQUET']).default('CSV'),
  schema: z.object({ fields: z.array(Field) }).optional(),
  autodetect: z.boolean().default(false),
  maxBadRecords: Count.default(0),
  ignoreUnknownValues: z.boolean().default(false),
  fieldDelimiter: z
    .string()
    .default(',')
    .transform((given) => (given === '\\t' || given === 'tab' ? '\t' : given)),
  quote: z.string().default('"'),
  skipLeadingRows: Count.optional(),
  allowJaggedRows: z.boolean().default(false),
  nullMarker: z.string().default(''),
  schemaUpdateOptions: z.array(z.string()).default([]),
  timePartitioning: z.unknown().optional(),
  rangePartitioning: z.unknown().optional(),
  clustering: z.unknown().optional(),
});
type Configuration = z.infer<typeof LoadConfiguration>;

interface File {
  /** `gs://…`; none for an upload. */
  readonly uri: string | undefined;
  readonly path: string;
}

export interface LoadOptions {
  readonly backend: Backend;
  readonly objects: Objects;
  readonly project: string;
  readonly configuration: Configuration;
  /** The file, where the client sends it along. */
  readonly media?: AsyncIterable<Uint8Array> | undefined;
}

const BATCH_ROWS = 10_000;
const SHOWN_FAULTS = 5;

/**
 * Loads files into a table: all their rows, or none.
 * @returns the job's `statistics.load`
 * @throws BigQueryError
 */
export async function runLoad(options: LoadOptions): Promise<object> {
  const { backend, project, configuration } = options;
  const ref = refOf(configuration.destinationTable, project);
  return withFolder(async (folder) => {
    const { files, bytes } = await fetchFiles(options, folder);
    const { fields, skipLeadingRows } = await schemaOf(backend, ref, configuration, files);
    const writeDisposition = configuration.writeDisposition ?? 'WRITE_APPEND';
    const { createDisposition } = configuration;
    const metadata = tableMetadata(configuration);
    const made = await prepareDestination(backend, ref, {
      createDisposition,
      writeDisposition,
      fields,
      metadata,
    });
    const replace = !made && writeDisposition.startsWith('WRITE_TRUNCATE');
    const faults: Fault[] = [];
    try {
      if (!made && !replace) await addFields(backend, ref, fields, configuration);
      const rows =
        configuration.sourceFormat === 'PARQUET'
          ? await backend.bulk.loadParquet(
              ref,
              fields,
              files.map(({ path }) => path),
              replace,
            )
          : await backend.bulk.loadRows(
              ref,
              replace ? fields : backend.table(ref).fields,
              batches(files, fields, { ...configuration, skipLeadingRows }, faults),
              replace,
            );
      return {
        inputFiles: String(files.length),
        inputFileBytes: String(bytes),
        outputRows: String(rows),
        outputBytes: String(bytes),
        badRecords: String(faults.length),
      };
    } catch (error) {
      if (made) await backend.deleteTable(ref);
      throw error;
    }
  });
}

async function fetchFiles({ objects, configuration, media }: LoadOptions, folder: string) {
  const files: File[] = [];
  let bytes = 0;
  const keep = async (uri: string | undefined, content: AsyncIterable<Uint8Array>): Promise<void> => {
    const path = join(folder, String(files.length));
    bytes += await spool(content, path);
    files.push({ uri, path });
  };
  if (media) await keep(undefined, media);
  for (const uri of configuration.sourceUris ?? []) {
    const { bucket, prefix, suffix } = parseGsUri(uri);
    const names =
      suffix === undefined
        ? [prefix]
        : (await objects.list(bucket, prefix)).filter((name) => name.endsWith(suffix));
    if (names.length === 0) throw new BigQueryError(404, 'notFound', `Not found: URI ${uri}`);
    for (const name of names) await keep(`gs://${bucket}/${name}`, await objects.download(bucket, name));
  }
  return { files, bytes };
}

/** The job's columns, the table's, or those the files seem to have. */
async function schemaOf(
  backend: Backend,
  ref: TableRef,
  { schema, sourceFormat, autodetect, writeDisposition, skipLeadingRows }: Configuration,
  files: readonly File[],
): Promise<{ readonly fields: readonly TableField[]; readonly skipLeadingRows: number }> {
  const table = existing(backend, ref);
  const skip = skipLeadingRows ?? 0;
  if (schema) return { fields: schema.fields, skipLeadingRows: skip };
  const detects = autodetect || sourceFormat === 'PARQUET';
  if (table && (table.fields.length > 0 || !detects) && !(detects && writeDisposition === 'WRITE_TRUNCATE')) {
    return { fields: table.fields, skipLeadingRows: skip };
  }
  if (!detects) throw new BigQueryError(400, 'invalid', 'No schema specified on job or table.');
  const fields = await backend.bulk.describeFiles(
    sourceFormat,
    files.map(({ path }) => path),
  );
  const hasHeader = sourceFormat === 'CSV' && !fields.every(({ name }) => /^column\d+$/.test(name));
  return {
    fields: sourceFormat === 'CSV' && !hasHeader ? fields.map(unnamed) : fields,
    skipLeadingRows: skipLeadingRows ?? (hasHeader ? 1 : 0),
  };
}

function unnamed(field: TableField, index: number): TableField {
  const type = { INTEGER: 'int64', FLOAT: 'double', BOOLEAN: 'bool' }[field.type] ?? field.type.toLowerCase();
  return { ...field, name: `${type}_field_${index}` };
}

function tableMetadata({
  timePartitioning,
  rangePartitioning,
  clustering,
}: Configuration): Readonly<globalThis.Record<string, unknown>> {
  const given = Object.entries({ timePartitioning, rangePartitioning, clustering });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined));
}

/** Columns that only the job has are added where it says so. */
async function addFields(
  backend: Backend,
  ref: TableRef,
  fields: readonly TableField[],
  { schemaUpdateOptions }: Configuration,
): Promise<void> {
  const table = backend.table(ref);
  const added = fields.filter(({ name }) => !table.fields.some((field) => sameName(field.name, name)));
  if (added.length === 0) return;
  if (!schemaUpdateOptions.includes('ALLOW_FIELD_ADDITION')) {
    const name = `${ref.project}:${ref.dataset}.${ref.table}`;
    const message = `Provided Schema does not match Table ${name}. Cannot add fields (field: ${added[0]?.name})`;
    throw new BigQueryError(400, 'invalid', message);
  }
  await backend.updateTable(ref, [...table.fields, ...added], table.metadata);
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

async function* batches(
  files: readonly File[],
  fields: readonly TableField[],
  form: Omit<Configuration, 'skipLeadingRows'> & { readonly skipLeadingRows: number },
  faults: Fault[],
): AsyncGenerator<readonly WriteRow[]> {
  let rows: WriteRow[] = [];
  for (const { uri, path } of files) {
    const records: AsyncIterable<Record> =
      form.sourceFormat === 'CSV' ? csvRecords(path, fields, form) : jsonRecords(path, fields, form);
    let line = form.sourceFormat === 'CSV' ? form.skipLeadingRows : 0;
    for await (const record of records) {
      line += 1;
      if ('row' in record) rows.push(record.row);
      else {
        const message = `Error while reading data, error message: ${record.fault} Row starting at line ${line}`;
        faults.push({ reason: 'invalid', message, ...(uri === undefined ? {} : { location: uri }) });
        if (faults.length > form.maxBadRecords)
          throw tooManyFaults(form.sourceFormat, line, faults, form.maxBadRecords);
      }
      if (rows.length >= BATCH_ROWS) {
        yield rows;
        rows = [];
      }
    }
  }
  if (rows.length > 0) yield rows;
}

function tooManyFaults(
  format: string,
  rows: number,
  faults: readonly Fault[],
  allowed: number,
): BigQueryError {
  const what = format === 'CSV' ? 'CSV processing' : 'JSON processing';
  const message = `Error while reading data, error message: ${what} encountered too many errors, giving up. Rows: ${rows}; errors: ${faults.length}; max bad: ${allowed}; error percent: 0`;
  return new BigQueryError(400, 'invalid', message, faults.slice(0, SHOWN_FAULTS));
}
