import { type FileHandle, open, rename } from 'node:fs/promises';
import type { JournalRecord } from './records.ts';

/** A file that records are appended to, in order; those that come while a write is under way share the next. */
export interface JournalFile {
  /** Bytes, those not yet written included. */
  readonly size: number;
  write(record: JournalRecord): void;
  /** Has the file hold these alone; if the process dies before they are written, it stays as it was. */
  replace(records: Iterable<JournalRecord>): void;
  /** Resolves once all so far is written. Once a write has failed, it rejects for good. */
  written(): Promise<void>;
  close(): Promise<void>;
}

/** What is handed to the operating system at a time. */
const WRITE_BYTES = 1_000_000;

/** Nothing is opened or written before the first `replace`. */
export function makeJournalFile(path: string): JournalFile {
  let lines: string[] = [];
  let anew = false;
  let size = 0;
  let file: FileHandle | undefined;
  let writing: Promise<void> | undefined;

  const drain = async (): Promise<void> => {
    while (lines.length > 0 || anew) {
      const batch = lines;
      const replacing = anew;
      lines = [];
      anew = false;
      const target = replacing || !file ? await open(`${path}.new`, 'w') : file;
      for (const text of chunks(batch)) await target.appendFile(text);
      if (target === file) continue;
      await rename(`${path}.new`, path);
      await file?.close();
      file = target;
    }
    writing = undefined;
  };
  const begin = (): void => {
    if (writing !== undefined) return;
    writing = Promise.resolve().then(drain);
    // Whoever waits for it hears of a failure, now or later.
    writing.catch(() => undefined);
  };
  const add = (record: JournalRecord): void => {
    const line = `${JSON.stringify(record)}\n`;
    size += line.length;
    lines.push(line);
  };
  const written = (): Promise<void> => writing ?? Promise.resolve();
  return {
    get size() {
      return size;
    },
    write(record) {
      add(record);
      begin();
    },
    replace(records) {
      lines = [];
      size = 0;
      anew = true;
      for (const record of records) add(record);
      begin();
    },
    written,
    async close() {
      await written();
      await file?.close();
    },
  };
}

function* chunks(lines: readonly string[]): Generator<string> {
  let text = '';
  for (const line of lines) {
    text += line;
    if (text.length < WRITE_BYTES) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
