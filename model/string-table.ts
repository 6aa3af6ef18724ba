/** Strings as one run of UTF-8 bytes; string i ends before byte `ends[i]`. */
export interface StringTable {
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

export function encodeStrings(strings: readonly string[]): StringTable {
  const parts = strings.map((text) => Buffer.from(text));
  const ends = new Uint32Array(parts.length);
  let end = 0;
  parts.forEach((part, at) => {
    end += part.length;
    ends[at] = end;
  });
  return { bytes: new Uint8Array(Buffer.concat(parts)), ends };
}

export function decodeStrings(bytes: Uint8Array, ends: Uint32Array): string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let start = 0;
  return Array.from(ends, (end) => {
    const text = buffer.toString('utf8', start, end);
    start = end;
    return text;
  });
}
