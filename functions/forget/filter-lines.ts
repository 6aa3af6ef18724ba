import { Transform } from 'node:stream';

/** A stream of bytes without the lines that a test names; what it took out is counted. Lines end with LF; the rest is kept to the byte. */
export function makeLineFilter(isOut: (line: string) => boolean): {
  readonly stream: Transform;
  readonly counts: () => { readonly kept: number; readonly removed: number };
} {
  let kept = 0;
  let removed = 0;
  let rest = Buffer.alloc(0);
  const filter = (line: Buffer): Buffer => {
    const text = line.toString('utf8');
    if (text.trim() !== '' && isOut(text.replace(/\r?\n$/, ''))) {
      removed += 1;
      return Buffer.alloc(0);
    }
    if (text.trim() !== '') kept += 1;
    return line;
  };
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = Buffer.concat([rest, chunk]);
      const lines: Buffer[] = [];
      let from = 0;
      for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10, from)) {
        lines.push(filter(bytes.subarray(from, end + 1)));
        from = end + 1;
      }
      rest = bytes.subarray(from);
      done(null, Buffer.concat(lines));
    },
    flush(done) {
      done(null, rest.length === 0 ? rest : filter(rest));
    },
  });
  return { stream, counts: () => ({ kept, removed }) };
}
