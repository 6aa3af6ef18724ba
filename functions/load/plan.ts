import type { FileFormat } from './formats/file-format.ts';
import { openParquet, placeOf } from './formats/parquet.ts';
import { splitterOf } from './formats/read-records.ts';
import type { Place } from './formats/row.ts';
import type { StoredObject } from './ports.ts';

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
    const splitter = splitterOf(format, from);
    for await (const bytes of object.read({ start: from.offset })) {
      for (const { offset, line } of splitter.push(bytes)) {
        if (offset - begin.offset < chunkBytes) continue;
        yield { from: begin, until: offset, last: false };
        begin = { offset, line };
      }
    }
  }
  yield { from: begin, until: object.size, last: true };
}
