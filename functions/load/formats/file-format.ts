import { z } from 'zod';

export const COMPRESSIONS = ['none', 'gzip', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** Columns of a table, at most: a file's format travels with each of its chunks. */
export const MAX_COLUMNS = 2_000;

const compression = z.enum(COMPRESSIONS);
/** A place in the decoded file; see `Place`. */
export const PlaceSchema = z.object({ offset: z.int().min(0), line: z.int().min(1) });
/** A label of https://encoding.spec.whatwg.org/#names-and-labels */
const encoding = z.string().min(1).max(32);

/** How a file is to be read, as told by its first bytes; plain data, so that it can travel with each chunk. */
export const FileFormat = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ndjson'), compression, encoding, start: PlaceSchema }),
  /** One JSON array; `start` is after its `[`. */
  z.object({ kind: z.literal('json'), compression, encoding, start: PlaceSchema }),
  z.object({
    kind: z.literal('table'),
    compression,
    encoding,
    start: PlaceSchema,
    delimiter: z.string().length(1),
    columns: z.array(z.string()).min(1).max(MAX_COLUMNS),
  }),
  z.object({ kind: z.literal('parquet'), compression, start: PlaceSchema }),
]);
export type FileFormat = z.infer<typeof FileFormat>;
/** Formats that are a run of bytes, cut into records as they come. */
export type StreamFormat = Exclude<FileFormat, { kind: 'parquet' }>;

/** Why a file as a whole cannot be loaded, and what to do; trying again would not help. */
export class FileRefused extends Error {
  override readonly name = 'FileRefused';
}

/** What a source says of its files, where their content alone does not. */
export interface FormatHints {
  /** Between the fields of a table; default: whichever of `,` tab `;` `|` its first line has most of. */
  readonly delimiter?: string | undefined;
  /** Columns of a table without a header line. */
  readonly columns?: readonly string[] | undefined;
  /** Default utf-8. */
  readonly encoding?: string | undefined;
}
