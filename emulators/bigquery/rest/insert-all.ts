import { z } from 'zod';
import { type Backend, BigQueryError, type TableEntry, type WriteRow } from '../backend.ts';
import { makeRowReader } from '../text-values.ts';

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
  const failed = new Set<number>();
  const good: WriteRow[] = [];
  const read = makeRowReader(fields, { ignoreUnknown: ignoreUnknownValues ?? false });
  rows.forEach(({ json }, index) => {
    try {
      good.push(read(json));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      failed.add(index);
      insertErrors.push({ index, errors: [{ reason: 'invalid', location: '', debugInfo: '', message }] });
    }
  });
  if (insertErrors.length === 0 || skipInvalidRows) await backend.appendRows(ref, good);
  else insertErrors.push(...stopped(rows.length, failed));
  return {
    kind: 'bigquery#tableDataInsertAllResponse',
    ...(insertErrors.length > 0 ? { insertErrors } : {}),
  };
}

/** Rows that had no fault of their own, where one that had spoiled the call. */
function stopped(count: number, failed: ReadonlySet<number>): readonly object[] {
  const indexes = Array.from({ length: count }, (_, index) => index).filter((index) => !failed.has(index));
  return indexes.map((index) => ({
    index,
    errors: [{ reason: 'stopped', location: '', debugInfo: '', message: '' }],
  }));
}
