import type { Place } from './row.ts';
import { type Piece, RecordBuffer, type Splitter } from './splitter.ts';

const LF = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * The elements of one JSON array. It begins within the array: after the `[`, or at an element. What follows the array's end is one
 * more record, which no parser will take.
 */
export function jsonArraySplitter(at: Place, maxBytes?: number): Splitter {
  const record = new RecordBuffer(at, maxBytes);
  let depth = 0;
  let text = false;
  let escaped = false;
  let over = false;

  return {
    push(chunk) {
      const ended: Piece[] = [];
      let start = 0;
      for (let index = 0; index < chunk.length; index += 1) {
        const byte = chunk[index];
        if (byte === LF) record.countLine();
        if (text) {
          if (escaped) escaped = false;
          else if (byte === BACKSLASH) escaped = true;
          else if (byte === QUOTE) text = false;
          continue;
        }
        if (byte === QUOTE) text = true;
        else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth += 1;
        else if (depth > 0 && (byte === CLOSE_OBJECT || byte === CLOSE_LIST)) depth -= 1;
        else if (depth === 0 && !over && (byte === COMMA || byte === CLOSE_LIST)) {
          record.hold(chunk.subarray(start, index));
          ended.push(record.take(1));
          start = index + 1;
          over = byte === CLOSE_LIST;
        }
      }
      record.hold(chunk.subarray(start));
      return ended;
    },
    end: () => (record.length > 0 ? [record.take(0)] : []),
  };
}
