import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import type { TrainingSession } from './session.ts';

/** The session so far, and what came next. */
export interface TestCase {
  readonly prefix: readonly string[];
  readonly next: string;
}

export const FORMATS = ['srgnn', 'sessions'] as const;
/**
 * `srgnn`: training sessions one a line, items separated by spaces, oldest session first; test cases
 * `next TAB item item …`. `sessions`: a table with the header `SessionId TAB ItemId TAB Time` (seconds), one click a line.
 */
export type Format = (typeof FORMATS)[number];

/** Reads training sessions from a file, gzipped or not. */
export async function* readSessions(path: string, format: Format): AsyncGenerator<TrainingSession> {
  if (format === 'srgnn') {
    for await (const line of readLines(path)) {
      const items = line.split(' ').filter((item) => item !== '');
      if (items.length > 0) yield { items };
    }
    return;
  }
  yield* await readClickTable(path);
}

/** Reads test cases; from a table of clicks, every click after a session's first is one. */
export async function* readTestCases(path: string, format: Format): AsyncGenerator<TestCase> {
  if (format === 'srgnn') {
    for await (const line of readLines(path)) {
      const [next, prefix] = line.split('\t');
      if (next !== undefined && prefix !== undefined)
        yield { next, prefix: prefix.split(' ').filter((item) => item !== '') };
    }
    return;
  }
  for (const { items } of await readClickTable(path)) yield* casesOf(items);
}

/** Each step of a session as a test case. */
export function* casesOf(items: readonly string[]): Generator<TestCase> {
  for (const [at, next] of items.entries()) if (at > 0) yield { prefix: items.slice(0, at), next };
}

async function readClickTable(path: string): Promise<TrainingSession[]> {
  const sessions = new Map<string, { item: string; time: number }[]>();
  let header = true;
  for await (const line of readLines(path)) {
    const [session, item, seconds] = line.split('\t');
    if (header || session === undefined || item === undefined) {
      header = false;
      continue;
    }
    const clicks = sessions.get(session);
    const click = { item, time: Math.round(Number(seconds) * 1000) };
    if (clicks) clicks.push(click);
    else sessions.set(session, [click]);
  }
  return [...sessions.values()].map((clicks) => {
    clicks.sort((a, b) => a.time - b.time);
    return { items: clicks.map(({ item }) => item), times: clicks.map(({ time }) => time) };
  });
}

function readLines(path: string): AsyncIterable<string> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}
