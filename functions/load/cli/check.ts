import { basename } from 'node:path';
import { fileSource } from '../formats/byte-source.ts';
import type { FileFormat } from '../formats/file-format.ts';
import { formatOf, readRowGroups } from '../formats/read-rows.ts';
import { type LoadedEvent, mapRow } from '../map-row.ts';
import type { Source } from '../source.ts';
import { type ColumnSeen, columnTypes } from './column-types.ts';

/** Records by which the types of columns are told. */
const SAMPLE = 1_000;
/** Kinds of failures that are kept apart. */
const MAX_KINDS = 50;

/** Records that would fail for one reason. */
export interface FailureKind {
  readonly path: string;
  /** Of the first of them. */
  readonly message: string;
  readonly line: number;
  readonly count: number;
}

/** What would come of a file. */
export interface CheckReport {
  readonly format: FileFormat | undefined;
  readonly columns: readonly ColumnSeen[];
  readonly read: number;
  readonly events: number;
  readonly failed: number;
  /** Whether all of the file was read. */
  readonly whole: boolean;
  readonly first: readonly LoadedEvent[];
  readonly failures: readonly FailureKind[];
}

/**
 * Reads a file as the function would, up to so many records, and loads nothing.
 * @throws FileRefused, and where the file cannot be read
 */
export async function checkFile(
  path: string,
  source: Source,
  options: { readonly show: number; readonly limit: number },
): Promise<CheckReport> {
  const file = await fileSource(path);
  const format = await formatOf(file, source.hints);
  const sample: Readonly<Record<string, unknown>>[] = [];
  const first: LoadedEvent[] = [];
  const failures = new Map<string, FailureKind>();
  const counts = { read: 0, events: 0, failed: 0 };
  let whole = true;
  const rows = format ? readRowGroups(file, format, { from: format.start }) : [];
  for await (const group of rows) {
    for (const row of group) {
      if (counts.read === options.limit) whole = false;
      if (!whole) break;
      counts.read += 1;
      if ('row' in row && sample.length < SAMPLE) sample.push(row.row);
      const mapped = mapRow(source, row, { file: basename(path) });
      if ('ok' in mapped) {
        counts.events += 1;
        if (first.length < options.show) first.push(mapped.ok);
        continue;
      }
      counts.failed += 1;
      const { path: column, message } = mapped.failure;
      // Of a message, what differs from record to record is left out.
      const kind = `${column} ${message.replace(/"[^"]*"|\d+/g, '…')}`;
      const known = failures.get(kind);
      if (known) failures.set(kind, { ...known, count: known.count + 1 });
      else if (failures.size < MAX_KINDS)
        failures.set(kind, { path: column, message, line: row.line, count: 1 });
    }
    if (!whole) break;
  }
  return {
    format,
    columns: columnTypes(sample),
    ...counts,
    whole,
    first,
    failures: [...failures.values()].sort((a, b) => b.count - a.count),
  };
}
