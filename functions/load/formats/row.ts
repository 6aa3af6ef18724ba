/** Where a record begins: its byte in the decoded file, from 0, and its line, from 1. In Parquet: its row, for both. */
export interface Place {
  readonly offset: number;
  readonly line: number;
}

/** One record of a file. */
export type Row = Place &
  (
    | {
        readonly row: Readonly<Record<string, unknown>>;
        /** The record as it stands in the file, where that is an object of JSON, in UTF-8, which says just what `row` does. */
        readonly json?: Buffer | undefined;
      }
    | {
        readonly unreadable: {
          /** Says what is wrong with the record. */
          readonly message: string;
          /** The beginning of the record as it stands in the file. */
          readonly text: string;
        };
      }
  );

/** Bytes of one record, at most. What is longer is skipped and reported, never held. */
export const MAX_RECORD_BYTES = 256 * 1024;
/** Characters of an unreadable record that are kept. */
export const KEPT_TEXT = 2_000;
