import { KEPT_TEXT, MAX_RECORD_BYTES } from './row.ts';

/** A line without its end, or that it exceeded the bound. */
export type Line =
  | { readonly number: number; readonly bytes: Buffer }
  | { readonly number: number; readonly tooLong: Buffer };

const LF = 0x0a;

/** Splits bytes into lines, numbered from 1, in groups of those that end in one chunk. Of a line beyond the bound only the beginning is kept. */
export async function* lines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number = MAX_RECORD_BYTES,
): AsyncGenerator<readonly Line[]> {
  let number = 1;
  let parts: Buffer[] = [];
  let held = 0;
  let tooLong: Buffer | undefined;
  const hold = (part: Buffer): void => {
    if (tooLong || part.length === 0) return;
    parts.push(part);
    held += part.length;
    if (held > maxBytes) {
      tooLong = Buffer.from(Buffer.concat(parts).subarray(0, KEPT_TEXT));
      parts = [];
    }
  };
  const take = (): Line => {
    const only = parts.length === 1 ? parts[0] : undefined;
    const line: Line = tooLong ? { number, tooLong } : { number, bytes: only ?? Buffer.concat(parts) };
    number += 1;
    parts = [];
    held = 0;
    tooLong = undefined;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    const ended: Line[] = [];
    for (let end = chunk.indexOf(LF); end !== -1; end = chunk.indexOf(LF, start)) {
      hold(chunk.subarray(start, end));
      ended.push(take());
      start = end + 1;
    }
    hold(chunk.subarray(start));
    if (ended.length > 0) yield ended;
  }
  if (held > 0) yield [take()];
}
