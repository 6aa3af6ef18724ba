import { createReadStream, existsSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Document } from '../backend.ts';
import type { Micros } from '../values.ts';
import { JSON_FORM } from '../wire/form.ts';
import { readDocument, writeDocument } from '../wire/values.ts';
import type { Change } from './history.ts';
import type { Journal } from './journal.ts';

/** A line of the file: what one commit put and removed. */
interface Entry {
  /** Microseconds, in digits. */
  readonly time: string;
  readonly put: readonly unknown[];
  readonly remove: readonly string[];
}

/** Documents per line of a file written anew. */
const LINE_DOCUMENTS = 100;

export interface JournalFileOptions {
  /** Bytes appended after which the file may be written anew, if it would be half as long at most; default 64 MiB. */
  readonly compactBytes?: number;
}

/**
 * A journal as a file of JSON lines, written anew at each start and when it has grown. A line that a crash cut short is
 * left out, and with it a commit that was not yet answered.
 */
export async function openJournal(
  file: string,
  { compactBytes = 64 * 1024 * 1024 }: JournalFileOptions = {},
): Promise<Journal> {
  await mkdir(dirname(file), { recursive: true });
  const documents = new Map<string, Document>();
  let latest = await readEntries(file, documents);
  let handle: FileHandle | undefined;
  let appended = 0;
  let compacted = 0;
  await compact();

  let waiting: string[] = [];
  let written: Promise<void> = Promise.resolve();

  /** What has come meanwhile is in it already; its lines are written again after it, which changes nothing. */
  async function compact(): Promise<void> {
    const fresh = await open(`${file}.tmp`, 'w');
    compacted = 0;
    for (const text of compactLines(latest, documents.values())) {
      await fresh.appendFile(text);
      compacted += Buffer.byteLength(text);
    }
    await handle?.close();
    await rename(`${file}.tmp`, file);
    handle = fresh;
    appended = 0;
  }

  async function write(): Promise<void> {
    const text = waiting.join('');
    waiting = [];
    await handle?.appendFile(text);
    appended += Buffer.byteLength(text);
    if (appended > Math.max(compactBytes, compacted)) await compact();
  }

  return {
    documents: documents.values(),
    latest,
    append(time, changes) {
      latest = time;
      for (const { name, after } of changes) {
        if (after) documents.set(name, after);
        else documents.delete(name);
      }
      waiting.push(`${JSON.stringify(entryOf(time, changes))}\n`);
      // The first of those that wait starts a write for all of them.
      if (waiting.length === 1) written = written.then(write);
      return written;
    },
    async close() {
      await written;
      await handle?.close();
    },
  };
}

function entryOf(time: Micros, changes: readonly Change[]): Entry {
  return {
    time: String(time),
    put: changes.flatMap(({ after }) => (after ? [writeDocument(after, JSON_FORM)] : [])),
    remove: changes.flatMap(({ name, after }) => (after ? [] : [name])),
  };
}

function* compactLines(time: Micros, documents: Iterable<Document>): Generator<string> {
  let put: unknown[] = [];
  const line = (): string => `${JSON.stringify({ time: String(time), put, remove: [] } satisfies Entry)}\n`;
  for (const document of documents) {
    put.push(writeDocument(document, JSON_FORM));
    if (put.length < LINE_DOCUMENTS) continue;
    yield line();
    put = [];
  }
  // A line in any case: the latest time is kept even where no document is.
  yield line();
}

/** Fills the documents, and answers the latest time. */
async function readEntries(file: string, documents: Map<string, Document>): Promise<Micros> {
  let latest = 0n;
  if (!existsSync(file)) return latest;
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  for await (const line of lines) {
    const entry = parseEntry(line);
    if (!entry) continue;
    for (const put of entry.put) {
      const document = readDocument(put);
      documents.set(document.name, document);
    }
    for (const name of entry.remove) documents.delete(name);
    latest = BigInt(entry.time);
  }
  return latest;
}

function parseEntry(line: string): Entry | undefined {
  try {
    return JSON.parse(line) as Entry;
  } catch {
    return undefined;
  }
}
