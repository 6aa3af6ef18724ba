import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { clicksOf } from './clean-session.ts';
import { eventOf, type TrainingSession } from './session.ts';

/** The session so far, and what came next. */
export interface TestCase {
  readonly prefix: readonly string[];
  /** GA4 event names, parallel to `prefix`. */
  readonly events?: readonly string[];
  readonly next: string;
}

export const FORMATS = ['srgnn', 'sessions'] as const;
/**
 * `srgnn`: training sessions one a line, items separated by spaces, oldest session first; test cases
 * `next TAB item item …`. `sessions`: a table with the header `SessionId TAB ItemId TAB Time` (seconds), one click a line;
 * a fourth column, where there is one, is the GA4 event name, a fifth the item's category.
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
  for (const session of await readClickTable(path)) yield* casesOf(session);
}

/** Each step of a session as a test case; the session is cleaned as for training, so that a cart is no new item. */
export function* casesOf(session: TrainingSession): Generator<TestCase> {
  const { items, kinds } = clicksOf(session);
  const events = session.events && kinds.map(eventOf);
  for (const [at, next] of items.entries()) {
    if (at === 0) continue;
    const prefix = items.slice(0, at);
    yield events ? { prefix, events: events.slice(0, at), next } : { prefix, next };
  }
}

async function readClickTable(path: string): Promise<TrainingSession[]> {
  const sessions = new Map<
    string,
    { item: string; time: number; event: string | undefined; category: string }[]
  >();
  let header = true;
  for await (const line of readLines(path)) {
    const [session, item, seconds, event, category = ''] = line.split('\t');
    if (header || session === undefined || item === undefined) {
      header = false;
      continue;
    }
    const clicks = sessions.get(session);
    const click = { item, time: Math.round(Number(seconds) * 1000), event, category };
    if (clicks) clicks.push(click);
    else sessions.set(session, [click]);
  }
  return [...sessions.values()].map((clicks) => {
    clicks.sort((a, b) => a.time - b.time);
    const events = clicks.map(({ event }) => event).filter((event) => event !== undefined);
    return {
      items: clicks.map(({ item }) => item),
      times: clicks.map(({ time }) => time),
      ...(clicks.some(({ category }) => category !== '') && {
        categories: clicks.map(({ category }) => category),
      }),
      ...(events.length === clicks.length && { events }),
    };
  });
}

function readLines(path: string): AsyncIterable<string> {
  const file = createReadStream(path);
  const input = path.endsWith('.gz') ? file.pipe(createGunzip()) : file;
  return createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
}
