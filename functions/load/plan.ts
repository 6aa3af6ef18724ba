import type { FileFormat, StreamFormat } from './formats/file-format.ts';
import { openParquet, placeOf } from './formats/parquet.ts';
import { splitterOf } from './formats/read-records.ts';
import type { Place } from './formats/row.ts';
import type { StoredObject } from './ports.ts';

/** Finds where chunks begin, among the records that end in these bytes: each so many bytes after the one before, at least. */
type FindBegins = (bytes: Buffer) => Place[];

/** A part of a file that one run loads. */
export interface Chunk {
  readonly from: Place;
  /** Where it ends, in the decoded file; undefined: with the file, wherever that is. */
  readonly until: number | undefined;
  readonly last: boolean;
}

/**
 * The chunks of a file, each beginning at a record's place. A plain file is read once for it, without parsing any record; a
 * compressed one can be read only from its beginning and is one chunk; Parquet is divided by its row groups.
 * @param from where to begin to look
 * @throws FileRefused
 */
export async function* planChunks(
  object: StoredObject,
  format: FileFormat,
  from: Place,
  chunkBytes: number,
): AsyncGenerator<Chunk> {
  if (format.kind === 'parquet') {
    const { groups } = await openParquet(object, format.compression);
    for (const [index, { start, end }] of groups.entries()) {
      if (start >= from.offset) yield { from: placeOf(start), until: end, last: index === groups.length - 1 };
    }
    return;
  }
  if (format.compression !== 'none') {
    yield { from, until: undefined, last: true };
    return;
  }
  let begin = from;
  if (object.size - from.offset > chunkBytes) {
    const begins =
      format.kind === 'ndjson' ? lineBegins(from, chunkBytes) : recordBegins(format, from, chunkBytes);
    for await (const bytes of object.read({ start: from.offset })) {
      for (const place of begins(bytes)) {
        yield { from: begin, until: place.offset, last: false };
        begin = place;
      }
    }
  }
  yield { from: begin, until: object.size, last: true };
}

function recordBegins(format: StreamFormat, from: Place, chunkBytes: number): FindBegins {
  const splitter = splitterOf(format, from);
  let { offset: begin } = from;
  return (bytes) =>
    splitter.push(bytes).flatMap(({ offset, line }) => {
      if (offset - begin < chunkBytes) return [];
      begin = offset;
      return [{ offset, line }];
    });
}

const LF = 0x0a;

/** The same of lines, which need not be cut out to be counted. */
function lineBegins({ offset, line }: Place, chunkBytes: number): FindBegins {
  let begin = offset;
  let read = offset;
  return (bytes) => {
    const found: Place[] = [];
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, end + 1)) {
      if (offset - begin >= chunkBytes) {
        found.push({ offset, line });
        begin = offset;
      }
      offset = read + end + 1;
      line += 1;
    }
    read += bytes.length;
    return found;
  };
}
