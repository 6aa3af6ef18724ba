import { z } from 'zod';
import { type Backend, BigQueryError, type TableEntry, type TableField, type WriteRow } from '../backend.ts';
import { isRecord, isRepeated } from '../fields.ts';

const Insert = z.object({
  rows: z.array(z.object({ insertId: z.string().nullish(), json: z.record(z.string(), z.unknown()) })),
  skipInvalidRows: z.boolean().nullish(),
  ignoreUnknownValues: z.boolean().nullish(),
});

/** tabledata.insertAll: good rows are appended; bad ones are answered by index, and spoil the call unless skipped. */
export async function insertRows(
  backend: Backend,
  { ref, fields }: TableEntry,
  body: unknown,
): Promise<object> {
  const request = Insert.safeParse(body);
  if (!request.success) throw new BigQueryError(400, 'invalid', request.error.message);
  const { rows, skipInvalidRows, ignoreUnknownValues } = request.data;
  const insertErrors: object[] = [];
  const good: WriteRow[] = [];
  rows.forEach(({ json }, index) => {
    try {
      good.push(record(json, fields, ignoreUnknownValues ?? false, ''));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      insertErrors.push({ index, errors: [{ reason: 'invalid', location: '', debugInfo: '', message }] });
    }
  });
  if (insertErrors.length === 0 || skipInvalidRows) await backend.appendRows(ref, good);
  return {
    kind: 'bigquery#tableDataInsertAllResponse',
    ...(insertErrors.length > 0 ? { insertErrors } : {}),
  };
}

function record(
  json: Readonly<Record<string, unknown>>,
  fields: readonly TableField[],
  ignoreUnknown: boolean,
  path: string,
): WriteRow {
  const stranger = Object.keys(json).find((name) => !fields.some((field) => field.name === name));
  if (stranger !== undefined && !ignoreUnknown) throw new Error(`no such field: ${path}${stranger}.`);
  const entries = fields.map((field): [string, unknown] => {
    const given = json[field.name];
    if ((given === undefined || given === null) && field.mode === 'REQUIRED') {
      throw new Error(`Missing required field: ${path}${field.name}.`);
    }
    return [field.name, value(given, field, ignoreUnknown, `${path}${field.name}`)];
  });
  return Object.fromEntries(entries);
}

function value(given: unknown, field: TableField, ignoreUnknown: boolean, path: string): unknown {
  if (given === undefined || given === null) return undefined;
  if (isRepeated(field)) {
    const single = { ...field, mode: 'NULLABLE' };
    if (!Array.isArray(given)) throw new Error(`${path} must be an array.`);
    return given.map((item) => value(item, single, ignoreUnknown, path));
  }
  if (isRecord(field))
    return record(given as Readonly<Record<string, unknown>>, field.fields ?? [], ignoreUnknown, `${path}.`);
  switch (field.type.toUpperCase()) {
    case 'TIMESTAMP': {
      const at = typeof given === 'number' ? given * 1000 : Date.parse(String(given));
      if (Number.isNaN(at)) throw new Error(`Could not parse '${given}' as a timestamp for ${path}.`);
      return BigInt(Math.round(at * 1000));
    }
    case 'DATETIME': {
      const at = Date.parse(`${String(given).replace(' ', 'T')}Z`);
      if (Number.isNaN(at)) throw new Error(`Could not parse '${given}' as a datetime for ${path}.`);
      return BigInt(at) * 1000n;
    }
    case 'DATE': {
      const at = Date.parse(`${given}T00:00:00Z`);
      if (Number.isNaN(at)) throw new Error(`Could not parse '${given}' as a date for ${path}.`);
      return at / 86_400_000;
    }
    case 'BYTES':
      return Buffer.from(String(given), 'base64');
    case 'INTEGER':
    case 'INT64':
      if (!/^-?\d+$/.test(String(given))) throw new Error(`Cannot convert value to integer: ${path}.`);
      return BigInt(String(given));
    case 'FLOAT':
    case 'FLOAT64':
      if (Number.isNaN(Number(given))) throw new Error(`Cannot convert value to float: ${path}.`);
      return Number(given);
    case 'JSON':
      return typeof given === 'string' ? given : JSON.stringify(given);
    default:
      return typeof given === 'object' ? JSON.stringify(given) : given;
  }
}
