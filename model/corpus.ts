import { type CleaningLimits, cleanSession, type Rejection } from './clean-session.ts';
import type { TrainingSession } from './session.ts';

/**
 * Sessions in one flat form (CSR), oldest session first. Items are numbered by first appearance; the clicks of
 * session s are `clicks[starts[s]] … clicks[starts[s + 1] - 1]`.
 */
export interface Corpus {
  readonly itemIds: readonly string[];
  /** One more than there are sessions. */
  readonly starts: Uint32Array;
  readonly clicks: Uint32Array;
  /** The kind of each click (session.ts); empty when no session named its events. */
  readonly kinds: Uint8Array;
  /** Category of each item, numbered from 1 by first appearance; 0 where none was told. Empty when none was told at all. */
  readonly categories: Uint32Array;
  /** Epoch milliseconds of the newest session's end; undefined when sessions bring no times. */
  readonly newest: number | undefined;
  /** Sessions left out, by reason. */
  readonly rejected: Readonly<Record<Rejection, number>>;
}

/**
 * Reads sessions into a corpus; memory is about 5 bytes a click beyond the item ids. With times, sessions are put in the order in
 * which they ended; without, their order is taken as it comes. Items are reduced to what `limits` allow.
 */
export async function readCorpus(
  sessions: Iterable<TrainingSession> | AsyncIterable<TrainingSession>,
  limits: CleaningLimits,
): Promise<Corpus> {
  const numbers = new Map<string, number>();
  const rejected = { too_long: 0, clock: 0, no_items: 0 };
  const ends: number[] = [];
  const starts: number[] = [0];
  let clicks = new Uint32Array(1 << 16);
  let kinds = new Uint8Array(1 << 16);
  let size = 0;
  let anyKind = false;
  const categoryNumbers = new Map<string, number>();
  const categories: number[] = [];
  for await (const session of sessions) {
    const clean = cleanSession(session, limits);
    if (typeof clean === 'string') {
      rejected[clean]++;
      continue;
    }
    while (size + clean.items.length > clicks.length) {
      clicks = grown(clicks, new Uint32Array(clicks.length * 2));
      kinds = grown(kinds, new Uint8Array(kinds.length * 2));
    }
    clean.items.forEach((id, at) => {
      let number = numbers.get(id);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(id, number);
      }
      clicks[size] = number;
      kinds[size++] = clean.kinds[at] ?? 0;
      anyKind ||= clean.kinds[at] !== 0;
    });
    session.categories?.forEach((category, at) => {
      const number = numbers.get(session.items[at] ?? '');
      if (number === undefined || !category || categories[number] !== undefined) return;
      const known = categoryNumbers.get(category) ?? categoryNumbers.size + 1;
      categoryNumbers.set(category, known);
      categories[number] = known;
    });
    starts.push(size);
    ends.push(clean.endedAt ?? Number.NaN);
  }
  const flat = {
    itemIds: [...numbers.keys()],
    starts: Uint32Array.from(starts),
    clicks: clicks.slice(0, size),
    kinds: anyKind ? kinds.slice(0, size) : new Uint8Array(0),
    categories: Uint32Array.from({ length: categories.length }, (_, item) => categories[item] ?? 0),
    rejected,
  };
  return inOrderOfEnd(flat, ends);
}

function inOrderOfEnd(flat: Omit<Corpus, 'newest'>, ends: readonly number[]): Corpus {
  if (ends.length === 0 || ends.some(Number.isNaN)) return { ...flat, newest: undefined };
  const order = Uint32Array.from(ends.keys()).sort((a, b) => (ends[a] ?? 0) - (ends[b] ?? 0) || a - b);
  const clicks = new Uint32Array(flat.clicks.length);
  const kinds = new Uint8Array(flat.kinds.length);
  const starts = new Uint32Array(flat.starts.length);
  let size = 0;
  order.forEach((session, rank) => {
    const from = flat.starts[session] ?? 0;
    const to = flat.starts[session + 1] ?? from;
    clicks.set(flat.clicks.subarray(from, to), size);
    if (kinds.length > 0) kinds.set(flat.kinds.subarray(from, to), size);
    size += to - from;
    starts[rank + 1] = size;
  });
  return { ...flat, starts, clicks, kinds, newest: ends[order[order.length - 1] ?? 0] };
}

function grown<T extends Uint32Array | Uint8Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
