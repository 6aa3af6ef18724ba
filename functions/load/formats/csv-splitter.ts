import type { Place } from './row.ts';
import { type Piece, RecordBuffer, type Splitter } from './splitter.ts';

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;

/**
 * Records of a table with quoted fields (RFC 4180): a line's end within quotes ends no record. A quote opens a field only at
 * its beginning, so that one in the midst of text (`5" pipe`) is text; within quotes, two are one.
 *
 * It looks at quotes and at ends of lines only, not at every byte.
 * @param delimiter one byte, such as that of `,`
 */
export function csvSplitter(delimiter: number, at: Place, maxBytes?: number): Splitter {
  const record = new RecordBuffer(at, maxBytes);
  let quoted = false;
  /** A quote within quotes was the last byte: the next one tells whether it ended the field. */
  let closing = false;
  /** The byte before the chunk; a file begins as a line does. */
  let before = LF;

  const opens = (previous: number): boolean => previous === delimiter || previous === LF || previous === CR;

  return {
    push(chunk) {
      const ended: Piece[] = [];
      let start = 0;
      let at = 0;
      let quote = chunk.indexOf(QUOTE);
      let line = chunk.indexOf(LF);
      if (closing && chunk.length > 0) {
        closing = false;
        if (chunk[0] === QUOTE) {
          at = 1;
          quote = chunk.indexOf(QUOTE, 1);
        } else quoted = false;
      }
      while (quote !== -1 || line !== -1) {
        if (quote !== -1 && (line === -1 || quote < line)) {
          at = quote + 1;
          if (!quoted) quoted = opens(quote === 0 ? before : (chunk[quote - 1] ?? LF));
          else if (at === chunk.length) closing = true;
          else if (chunk[at] === QUOTE) at += 1;
          else quoted = false;
          quote = chunk.indexOf(QUOTE, at);
        } else {
          record.countLine();
          if (!quoted) {
            record.hold(chunk.subarray(start, line));
            ended.push(record.take(1));
            start = line + 1;
          }
          line = chunk.indexOf(LF, line + 1);
        }
      }
      record.hold(chunk.subarray(start));
      before = chunk.at(-1) ?? before;
      return ended;
    },
    end: () => (record.length > 0 ? [record.take(0)] : []),
  };
}
