import { csvSplitter } from './csv-splitter.ts';
import { BrokenCompression, decoded } from './decoded.ts';
import type { StreamFormat } from './file-format.ts';
import { jsonArraySplitter } from './json-array-splitter.ts';
import { decoder, jsonParser, type RecordParser, tableParser } from './parse-record.ts';
import type { Place, Row } from './row.ts';
import { lineSplitter, type Splitter } from './splitter.ts';

/** Cuts a format's decoded bytes, from a record's place on. */
export function splitterOf(format: StreamFormat, at: Place): Splitter {
  switch (format.kind) {
    case 'ndjson':
      return lineSplitter(at);
    case 'json':
      return jsonArraySplitter(at);
    case 'table':
      return csvSplitter(format.delimiter.charCodeAt(0), at);
  }
}

function parserOf(format: StreamFormat): RecordParser {
  const text = decoder(format.encoding);
  return format.kind === 'table' ? tableParser(text, format.delimiter, format.columns) : jsonParser(text);
}

/**
 * Reads the records of a stream format from a record's place on, in groups: those that end in one chunk of bytes. Under
 * functions-framework, async hooks make a promise for each record dear.
 *
 * @param bytes of the file as stored; where it is not compressed, from `from.offset` on
 * @throws FileRefused, and whatever `bytes` throws. Compressed data that breaks off is an unreadable record at the end.
 */
export async function* readRecords(
  bytes: AsyncIterable<Buffer>,
  format: StreamFormat,
  from: Place,
): AsyncGenerator<readonly Row[]> {
  const splitter = splitterOf(format, from);
  const parse = parserOf(format);
  let last: Place = from;
  let skip = format.compression === 'none' ? 0 : from.offset;
  try {
    for await (const chunk of decoded(bytes, format.compression)) {
      if (skip >= chunk.length) {
        skip -= chunk.length;
        continue;
      }
      const pieces = splitter.push(skip > 0 ? chunk.subarray(skip) : chunk);
      skip = 0;
      if (pieces.length === 0) continue;
      last = pieces.at(-1) ?? last;
      yield pieces.flatMap((piece) => parse(piece) ?? []);
    }
    yield splitter.end().flatMap((piece) => parse(piece) ?? []);
  } catch (error) {
    if (!(error instanceof BrokenCompression)) throw error;
    const { offset, line } = last;
    const message = `${error.message} after the record at line ${line}; what follows was not read`;
    yield [{ offset: offset + 1, line, unreadable: { message, text: '' } }];
  }
}
