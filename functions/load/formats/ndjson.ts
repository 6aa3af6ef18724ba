import { parseCleanJson } from '../../../shared/clean-json.ts';
import { type Line, lines } from './lines.ts';
import { KEPT_TEXT, MAX_RECORD_BYTES, type Row } from './row.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Newline-delimited JSON objects (https://github.com/ndjson/ndjson-spec). Empty lines are no records, but are counted. */
export async function* ndjson(bytes: AsyncIterable<Buffer>): AsyncGenerator<readonly Row[]> {
  for await (const group of lines(bytes)) yield group.flatMap((line) => rowOfLine(line) ?? []);
}

function rowOfLine(line: Line): Row | undefined {
  const position = line.number;
  if (!('tooLong' in line)) return rowOf(line.bytes, position);
  const message = `line ${position} exceeds ${MAX_RECORD_BYTES} bytes`;
  return { position, unreadable: { message, text: line.tooLong.toString('utf8') } };
}

function rowOf(bytes: Buffer, position: number): Row | undefined {
  const unreadable = (message: string): Row => ({
    position,
    unreadable: { message, text: bytes.toString('utf8').slice(0, KEPT_TEXT) },
  });
  let text: string;
  try {
    text = UTF8.decode(bytes).trim();
  } catch {
    return unreadable(`line ${position} is not UTF-8 text`);
  }
  if (text === '') return undefined;
  try {
    const row: unknown = parseCleanJson(text);
    return row !== null && typeof row === 'object' && !Array.isArray(row)
      ? { position, row: row as Record<string, unknown> }
      : unreadable(`line ${position} is no JSON object`);
  } catch {
    return unreadable(`line ${position} is not JSON`);
  }
}
