import { Transform } from 'node:stream';

/** A line that is longer than lines are looked at: a file on one line, or what is no text. */
export class LongLineError extends Error {
  override readonly name = 'LongLineError';
}

/** Bytes of a line. It is held whole, and as the value it is of, to be looked through. */
const LONGEST_LINE = 16 * 1024 * 1024;
const LF = 0x0a;

/**
 * A stream of bytes without the lines that a test names; what it took out is counted. Lines end with LF; the rest is kept to the byte.
 * The stream ends with a LongLineError where a line exceeds `longest` bytes, of which never more than that and a chunk are held.
 */
export function makeLineFilter(
  isOut: (line: string) => boolean,
  longest: number = LONGEST_LINE,
): {
  readonly stream: Transform;
  readonly counts: () => { readonly kept: number; readonly removed: number };
} {
  let kept = 0;
  let removed = 0;
  let begun: Buffer[] = [];
  let length = 0;
  const begin = (part: Buffer): void => {
    length += part.length;
    if (length > longest) throw new LongLineError(`a line is longer than ${longest} bytes`);
    if (part.length > 0) begun.push(part);
  };
  const filtered = (): Buffer => {
    const line = Buffer.concat(begun);
    [begun, length] = [[], 0];
    const text = line.toString('utf8');
    if (text.trim() === '') return line;
    if (isOut(text.replace(/\r?\n$/, ''))) {
      removed += 1;
      return Buffer.alloc(0);
    }
    kept += 1;
    return line;
  };
  const ended = (chunk: Buffer): Buffer => {
    const lines: Buffer[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, from)) {
      begin(chunk.subarray(from, end + 1));
      lines.push(filtered());
      from = end + 1;
    }
    begin(chunk.subarray(from));
    return Buffer.concat(lines);
  };
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let lines: Buffer;
      try {
        lines = ended(chunk);
      } catch (error) {
        done(error as Error);
        return;
      }
      done(null, lines);
    },
    flush(done) {
      done(null, filtered());
    },
  });
  return { stream, counts: () => ({ kept, removed }) };
}
