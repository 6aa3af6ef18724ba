/** What a request to a resumable upload's session carries, by its `Content-Range`. Offsets are of bytes, ends inclusive. */
export type ContentRange =
  /** A range of `*` instead of bytes: asks how far the upload is, or says that it is complete. */
  | { readonly kind: 'status'; readonly total: number | undefined }
  /** Bytes from `start`; `end` is absent where the client streams to the end of the body. */
  | {
      readonly kind: 'bytes';
      readonly start: number;
      readonly end: number | undefined;
      readonly total: number | undefined;
    };

/** Reads a `Content-Range`; `malformed` where it is none. Without one, the body is the whole object. */
export function parseContentRange(header: string | undefined): ContentRange | 'malformed' {
  if (header === undefined) return { kind: 'bytes', start: 0, end: undefined, total: undefined };
  const match = /^bytes[ =](?:\*|(\d{1,15})-(\d{1,15}|\*))\/(\d{1,15}|\*)$/.exec(header.trim());
  if (!match) return 'malformed';
  const [, from, to, of] = match;
  const total = numberOf(of);
  if (from === undefined) return { kind: 'status', total };
  const start = Number(from);
  const end = numberOf(to);
  // A last chunk without bytes reads `bytes N-(N-1)/N`.
  if (end !== undefined && (end < start - 1 || (total !== undefined && end >= total))) return 'malformed';
  return { kind: 'bytes', start, end, total };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined || text === '*' ? undefined : Number(text);
}
