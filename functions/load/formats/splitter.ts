import { KEPT_TEXT, MAX_RECORD_BYTES, type Place } from './row.ts';

/** A record's bytes as they stand in the file, without what separates records; or that it exceeds the bound. */
export type Piece = Place & ({ readonly bytes: Buffer } | { readonly tooLong: Buffer });

/**
 * Cuts a file's decoded bytes into records. A record on a boundary of two chunks of bytes is one record; where the file
 * is begun in the middle, at a record's place, its records are the same.
 */
export interface Splitter {
  /** The records that end in these bytes, in order. */
  push(chunk: Buffer): Piece[];
  /** The record that ends with the file, if there is one. */
  end(): Piece[];
}

const LF = 0x0a;

/**
 * What splitters share: counts bytes and lines, and holds the record that has begun, or, beyond the bound, its
 * beginning only.
 */
export class RecordBuffer {
  #place: Place;
  #parts: Buffer[] = [];
  #held = 0;
  #lines = 0;
  #tooLong: Buffer | undefined;
  readonly #maxBytes: number;

  constructor(at: Place, maxBytes: number = MAX_RECORD_BYTES) {
    this.#place = at;
    this.#maxBytes = maxBytes;
  }

  /** Bytes of the record so far. */
  get length(): number {
    return this.#held;
  }

  /** Adds bytes to the record. */
  hold(part: Buffer): void {
    if (part.length === 0) return;
    this.#held += part.length;
    if (this.#tooLong) return;
    this.#parts.push(part);
    if (this.#held > this.#maxBytes) {
      this.#tooLong = Buffer.from(Buffer.concat(this.#parts).subarray(0, KEPT_TEXT));
      this.#parts = [];
    }
  }

  /** Counts an end of line within or after the record. */
  countLine(): void {
    this.#lines += 1;
  }

  /** Ends the record: the next one begins `gap` bytes further. */
  take(gap: number): Piece {
    const only = this.#parts.length === 1 ? this.#parts[0] : undefined;
    const piece: Piece = this.#tooLong
      ? { ...this.#place, tooLong: this.#tooLong }
      : { ...this.#place, bytes: only ?? Buffer.concat(this.#parts) };
    this.skip(gap);
    return piece;
  }

  /** Forgets the record: it was none. */
  skip(gap: number): void {
    this.#place = {
      offset: this.#place.offset + this.#held + gap,
      line: this.#place.line + this.#lines,
    };
    this.#parts = [];
    this.#held = 0;
    this.#lines = 0;
    this.#tooLong = undefined;
  }
}

/** Every line is a record: NDJSON. */
export function lineSplitter(at: Place, maxBytes?: number): Splitter {
  const record = new RecordBuffer(at, maxBytes);
  return {
    push(chunk) {
      const ended: Piece[] = [];
      let start = 0;
      for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
        record.hold(chunk.subarray(start, end));
        record.countLine();
        ended.push(record.take(1));
        start = end + 1;
      }
      record.hold(chunk.subarray(start));
      return ended;
    },
    end: () => (record.length > 0 ? [record.take(0)] : []),
  };
}
