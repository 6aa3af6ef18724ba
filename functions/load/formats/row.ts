/** One record of a file. `position` counts records from 1; a CSV's header is not counted. */
export type Row =
  | { readonly position: number; readonly row: Readonly<Record<string, unknown>> }
  | {
      readonly position: number;
      readonly unreadable: {
        /** Says what is wrong with the record. */
        readonly message: string;
        /** The beginning of the record as it stands in the file. */
        readonly text: string;
      };
    };

/**
 * Turns a file's bytes, already inflated, into records; holds no more than one record and one chunk. Records come in
 * groups, one a chunk: under functions-framework, async hooks make a promise for each record dear.
 */
export type Format = (bytes: AsyncIterable<Buffer>) => AsyncIterable<readonly Row[]>;

/** Bytes of one record, at most. What is longer is skipped and reported, never held. */
export const MAX_RECORD_BYTES = 256 * 1024;
/** Characters of an unreadable record that are kept. */
export const KEPT_TEXT = 2_000;
