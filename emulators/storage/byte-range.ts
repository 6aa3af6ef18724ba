/** A part of an object; `end` is inclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * The part of `size` bytes that a `Range` header asks for: `whole` where there is none, or one that is to be ignored
 * (RFC 9110, section 14.2; several ranges are not served, as by Cloud Storage).
 */
export function parseRange(header: string | undefined, size: number): ByteRange | 'whole' | 'unsatisfiable' {
  const match = /^bytes=(?:(\d{1,15})-(\d{1,15})?|-(\d{1,15}))$/.exec((header ?? '').trim());
  if (!match) return 'whole';
  const [, from, to, last] = match;
  if (last !== undefined) {
    const count = Math.min(Number(last), size);
    return count === 0 ? 'unsatisfiable' : { start: size - count, end: size - 1 };
  }
  const start = Number(from);
  if (to !== undefined && Number(to) < start) return 'whole';
  if (start >= size) return 'unsatisfiable';
  return { start, end: to === undefined ? size - 1 : Math.min(Number(to), size - 1) };
}
