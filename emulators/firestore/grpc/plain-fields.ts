import { isUtf8 } from 'node:buffer';

/** Whatever is in so few bytes is less than 1 MiB as Firestore counts: a value that takes 4 bytes may count as 32. */
const MOST_BYTES = 128 * 1024;
/** Less than Firestore's limit, so that no close count is needed. */
const MOST_DEPTH = 12;
const MOST_KEY_BYTES = 1500;
/** Beyond it times need a closer look; the year 2514. */
const MOST_SECONDS = 2 ** 34;
const MICROSECOND = 1000;
const UNDERSCORE = 0x5f;

/** Tags as they are on the wire; those of strings and bytes are of two bytes, of which the second is 1. */
const TAG = {
  // Of entries: their keys and values; of documents, maps and arrays: their entries and elements.
  first: 0x0a,
  second: 0x12,
  // Of values.
  boolean: 0x08,
  integer: 0x10,
  double: 0x19,
  map: 0x32,
  array: 0x4a,
  timestamp: 0x52,
  null: 0x58,
  string: 0x8a,
  bytes: 0x92,
  // Of times.
  seconds: 0x08,
  nanos: 0x10,
} as const;

/**
 * Whether bytes are nothing but the fields of a google.firestore.v1.Document that need no closer look: well formed, as
 * clients write them, of ordinary types, and certainly within Firestore's limits. False says nothing bad: it asks for the
 * closer look, which also tells what is wrong.
 */
export function arePlainFields(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start > MOST_BYTES) return false;
  return new Scan(bytes, start).entries(end, TAG.second, 0) === end;
}

/** No position: what was met needs a closer look. */
const UNSURE = -1;

class Scan {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, start: number) {
    this.#bytes = bytes;
    this.#at = start;
  }

  #next(): number {
    return this.#bytes[this.#at++] ?? UNSURE;
  }

  /** A number that is not negative and below 2^35. */
  #varint(): number {
    let value = 0;
    let scale = 1;
    for (let index = 0; index < 5; index++) {
      const byte = this.#next();
      if (byte < 0x80) return byte < 0 ? UNSURE : value + byte * scale;
      value += (byte & 0x7f) * scale;
      scale *= 0x80;
    }
    return UNSURE;
  }

  /** Where a message or text ends whose length comes next; within `end`. */
  #endOf(end: number): number {
    const length = this.#varint();
    const at = this.#at + length;
    return length < 0 || at > end ? UNSURE : at;
  }

  /** The entries of a map of fields. @returns `end` where they are plain */
  entries(end: number, tag: number, depth: number): number {
    if (depth > MOST_DEPTH) return UNSURE;
    while (this.#at < end) {
      if (this.#next() !== tag) return UNSURE;
      const entryEnd = this.#endOf(end);
      if (this.#next() !== TAG.first || !this.#key(entryEnd)) return UNSURE;
      if (this.#next() !== TAG.second || this.#endOf(entryEnd) !== entryEnd) return UNSURE;
      if (!this.#value(entryEnd, depth, true)) return UNSURE;
    }
    return this.#at;
  }

  #key(end: number): boolean {
    const keyEnd = this.#endOf(end);
    const start = this.#at;
    const length = keyEnd - start;
    if (length < 1 || length > MOST_KEY_BYTES) return false;
    // Reserved names, and vectors, begin so.
    if (this.#bytes[start] === UNDERSCORE && this.#bytes[start + 1] === UNDERSCORE) return false;
    return this.#text(keyEnd);
  }

  #text(end: number): boolean {
    const start = this.#at;
    this.#at = end;
    let high = 0;
    for (let at = start; at < end; at++) high |= this.#bytes[at] ?? 0;
    return high < 0x80 || isUtf8(this.#bytes.subarray(start, end));
  }

  /** A value up to `end`: one field, and nothing after it. */
  #value(end: number, depth: number, arrayAllowed: boolean): boolean {
    switch (this.#next()) {
      case TAG.string:
        return this.#next() === 1 && this.#endOf(end) === end && this.#text(end);
      case TAG.double:
        this.#at += 8;
        return this.#at === end;
      case TAG.boolean:
        return this.#next() <= 1 && this.#at === end;
      case TAG.integer:
        return this.#integer(end);
      case TAG.null:
        return this.#next() === 0 && this.#at === end;
      case TAG.timestamp:
        return this.#endOf(end) === end && this.#timestamp(end);
      case TAG.map:
        return this.#endOf(end) === end && this.entries(end, TAG.first, depth + 1) === end;
      case TAG.array:
        return arrayAllowed && this.#endOf(end) === end && this.#elements(end, depth + 1);
      case TAG.bytes:
        if (this.#next() !== 1 || this.#endOf(end) !== end) return false;
        this.#at = end;
        return true;
      default:
        return false;
    }
  }

  #elements(end: number, depth: number): boolean {
    if (depth > MOST_DEPTH) return false;
    while (this.#at < end) {
      if (this.#next() !== TAG.first) return false;
      const elementEnd = this.#endOf(end);
      if (elementEnd < 0 || !this.#value(elementEnd, depth, false)) return false;
    }
    return this.#at === end;
  }

  /** Ten bytes at most, of which only the last is below 128. */
  #integer(end: number): boolean {
    if (end - this.#at > 10) return false;
    while (this.#at < end - 1) if (this.#next() < 0x80) return false;
    return this.#next() < 0x80 && this.#at === end;
  }

  /** Microseconds are what is kept of a time, so that one with a finer part is not answered as it came. */
  #timestamp(end: number): boolean {
    if (this.#at < end && this.#bytes[this.#at] === TAG.seconds) {
      this.#at += 1;
      const seconds = this.#varint();
      if (seconds < 0 || seconds > MOST_SECONDS) return false;
    }
    if (this.#at < end && this.#bytes[this.#at] === TAG.nanos) {
      this.#at += 1;
      const nanos = this.#varint();
      if (nanos < 0 || nanos > 999_999_999 || nanos % MICROSECOND !== 0) return false;
    }
    return this.#at === end;
  }
}
